import type { IssueCode, ProblemIssue } from '../../../protocol/problem.ts'
import type { Language } from '../../../protocol/vocabulary.ts'
import { translate } from '../i18n/translate.ts'

/** They speak of a number or a list, which an older collector does not send. */
const NEEDS_LIMIT: ReadonlySet<IssueCode> = new Set([
  ...(['too-short', 'too-long', 'too-small', 'too-large', 'too-few', 'too-many'] as const),
  ...(['unknown-field', 'not-allowed'] as const),
])

/** What is wrong at one field, in the language of the page as far as the collector's code for it says it. */
export function issueText({ code, limit, message }: ProblemIssue, language: Language): string {
  if (code === undefined || code === 'other' || (limit === undefined && NEEDS_LIMIT.has(code))) return message
  return translate(language, `issue.${code}`, { limit: limit ?? '' })
}
