import type { idIssues } from './id-issues.ts'

/** The same texts in English. */
export const enIssues: Record<keyof typeof idIssues, string> = {
  'issue.missing': 'is needed',
  'issue.unknown-field': 'is not known: {limit}',
  'issue.wrong-kind': 'is of the wrong kind',
  'issue.not-allowed': 'must be one of: {limit}',
  'issue.not-found': 'does not exist',
  'issue.taken': 'is in use already',
  'issue.enter-again': 'must be entered again, because where it goes has changed',
  'issue.too-early': 'must be later than its beginning',
  'issue.too-short': 'must have at least {limit} characters',
  'issue.too-long': 'must have at most {limit} characters',
  'issue.too-small': 'must be {limit} at least',
  'issue.too-large': 'must be {limit} at most',
  'issue.too-few': 'must have at least {limit} items',
  'issue.too-many': 'must have at most {limit} items',
  'issue.not-an-email': 'must be an e-mail address',
  'issue.not-a-url': 'must be an address such as https://example.go.id',
  'issue.not-an-address': 'must be an IP address',
  'issue.not-a-date': 'must be a date such as 2026-11-22',
  'issue.wrong-form': 'is not written as it should be',
}
