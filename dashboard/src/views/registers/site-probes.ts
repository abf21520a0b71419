// Pure: from a registered site to what is asked of it.
import type { ProbeBody } from '../../../../protocol/probes.ts'
import type { RegisterRecordView } from '../../../../protocol/register-views.ts'

/** A site is not a router: once a minute is often enough, and a slow answer is an answer. */
const RHYTHM = { everyMs: 60_000, timeoutMs: 10_000, figuresEveryMs: 300_000, failures: 3, successes: 2 }
const RETRY_EVERY_MS = 10_000

/** The address of a registered site; null while its domain is not on record. */
export function addressOfSite({ fields }: Pick<RegisterRecordView, 'fields'>): string | null {
  if (typeof fields.domain !== 'string' || fields.domain.trim() === '') return null
  const path = typeof fields.path === 'string' ? fields.path.trim().replace(/^\/?/, '/') : '/'
  return `https://${fields.domain.trim().toLowerCase()}${path}`
}

/** What is asked of it: whether it answers, and how long its certificate holds. */
export function probesOfSite(subjectId: string, url: string): ProbeBody[] {
  const common = { subjectId, ...RHYTHM, retryEveryMs: RETRY_EVERY_MS, agentIds: [] }
  return [
    {
      ...{ ...common, name: 'web', decides: 'state' },
      check: {
        ...{ kind: 'http', url, method: 'GET', statuses: [], keyword: null, jsonPath: null },
        // A certificate that ends is judged apart; the site itself answers.
        ...{ redirects: 'follow', certificate: 'accept-any' },
      },
    },
    {
      ...{ ...common, name: 'tls', decides: 'nothing' },
      check: { kind: 'tls', host: new URL(url).hostname, port: 443, serverName: null },
    },
  ]
}
