// What probes told last of registered services: their certificates and their names.
import { PROBE_METRICS } from '../../../protocol/probe-words.ts'
import { listProbes } from '../../inventory/probe-queries.ts'
import type { CurrentValues } from '../../stores/current-values.ts'
import type { Records } from '../../stores/records/records.ts'
import type { DutyPorts } from './snapshot.ts'

const DAY_MS = 86_400_000
/** A word that is older than this, and older than three of the probe's own rounds, says nothing of now. */
const WORD_LASTS_MS = 15 * 60_000
const ROUNDS = 3
const NAME_IS_WRONG: readonly string[] = ['name-unknown', 'answer-unexpected']
/** Whoever got this far had looked the name up. */
const NAME_IS_WELL: readonly string[] = [
  ...['refused', 'status-unexpected', 'content-unexpected', 'protocol-error'],
  ...['certificate-expired', 'certificate-untrusted', 'certificate-wrong-name'],
]

type Word = { kind: string; answers: boolean; failure: string }

/** Answers null for a service that no fresh word is of. */
export async function readProbeWords(question: {
  records: Records
  current: CurrentValues
  at: number
}): Promise<Pick<DutyPorts, 'certificate' | 'domainResolves'>> {
  const { records, current, at } = question
  const probes = Map.groupBy(await listProbes(records), ({ subjectId }) => subjectId)
  const failures = await readFailures(records)
  const fresh = (subjectId: string, metric: string, probe: string, lastsMs: number) =>
    current.of(subjectId, metric).filter(({ labels, at: toldAt }) => labels.probe === probe && at - toldAt <= lastsMs)

  function lastsMs(probe: { everyMs: number; figuresEveryMs: number }): number {
    return Math.max(WORD_LASTS_MS, ROUNDS * Math.max(probe.everyMs, probe.figuresEveryMs))
  }

  return {
    certificate(subjectId) {
      const seen = (probes.get(subjectId) ?? []).flatMap(probe => {
        const [expiry] = fresh(subjectId, PROBE_METRICS.tlsExpiry, probe.name, lastsMs(probe))
        const [chain] = fresh(subjectId, PROBE_METRICS.tlsChainOk, probe.name, lastsMs(probe))
        if (expiry === undefined) return []
        return [
          { daysLeft: (expiry.value * 1_000 - at) / DAY_MS, chainValid: chain === undefined || chain.value === 1 },
        ]
      })
      if (seen.length === 0) return null
      const daysLeft = Math.floor(Math.min(...seen.map(one => one.daysLeft)))
      return { daysLeft, chainValid: seen.every(one => one.chainValid) }
    },
    domainResolves(subjectId) {
      const words = (probes.get(subjectId) ?? []).flatMap((probe): Word[] => {
        const [up] = fresh(subjectId, PROBE_METRICS.up, probe.name, lastsMs(probe))
        if (up === undefined) return []
        const failure = failures.get(`${subjectId}\n${probe.name}`) ?? ''
        return [{ kind: probe.check.kind, answers: up.value === 1, failure }]
      })
      return namesOf(words)
    },
  }
}

/** One word that the name is known to nobody decides against it, one that got past the name decides for it. Pure. */
function namesOf(words: readonly Word[]): boolean | null {
  const named = words.filter(({ kind }) => kind !== 'icmp')
  if (named.some(({ answers, failure }) => !answers && NAME_IS_WRONG.includes(failure))) return false
  return named.some(({ answers, failure }) => answers || NAME_IS_WELL.includes(failure)) ? true : null
}

/** The newest reason of each probe, by subject and name. */
async function readFailures(records: Records): Promise<Map<string, string>> {
  const rows = await records
    .selectFrom('fact')
    .select(['subject_id', 'name', 'value'])
    .where('name', 'like', 'probe.%.failure')
    .execute()
  return new Map(
    rows.map(row => [
      `${row.subject_id}\n${row.name.slice('probe.'.length, -'.failure'.length)}`,
      String(JSON.parse(row.value)),
    ]),
  )
}
