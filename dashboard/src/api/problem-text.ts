import type { Language } from '../../../protocol/vocabulary.ts'
import { translate } from '../i18n/translate.ts'
import type { ApiError } from './api-error.ts'
import { issueText } from './issue-text.ts'

/** What went wrong in a sentence of the page's language, with the wait or the collector's detail where there is one. */
export function problemText(error: ApiError, language: Language): string {
  const text = translate(language, `problem.${error.code}`)
  if (error.code === 'too-many-requests' && error.retryAfterS !== null)
    return translate(language, 'problem.wait', { seconds: error.retryAfterS })
  if (error.code === 'unreadable' && error.status !== null) return `${text} (HTTP ${error.status})`
  if (error.code === 'bad-request' && error.issues.length > 0) {
    const places = error.issues.map(issue => `${issue.path} ${issueText(issue, language)}`)
    return `${text}: ${places.join('; ')}`
  }
  // What the collector adds here says the same once more, in English.
  if (error.code === 'not-found' || error.code === 'forbidden') return text
  return error.detail === null ? text : `${text}: ${error.detail}`
}
