// Where every rule stands for every subject and part: in memory, because walls and ticks ask all the time, and as rows,
// because a restart must not forget.
import type { Verdict } from '../../protocol/vocabulary.ts'
import type { Records } from '../stores/records/records.ts'
import type { Standing } from './verdict.ts'

export type KnownStanding = Standing & {
  ruleId: string
  subjectId: string
  part: string
  value: number | null
  evidenceId: string | null
}

export type Standings = {
  get(ruleId: string, subjectId: string, part: string): KnownStanding | undefined
  partsOf(ruleId: string, subjectId: string): string[]
  ofSubject(subjectId: string): KnownStanding[]
  put(standing: KnownStanding): void
  countsOf(ruleId: string): Record<Verdict, number>
  unmet(): KnownStanding[]
}

export async function loadStandings(records: Records): Promise<Standings> {
  const subjects = new Map<string, Map<string, KnownStanding>>()
  const put = (standing: KnownStanding) => {
    const known = subjects.get(standing.subjectId) ?? new Map<string, KnownStanding>()
    known.set(`${standing.ruleId}\n${standing.part}`, standing)
    subjects.set(standing.subjectId, known)
  }
  for (const row of await records.selectFrom('verdict').selectAll().execute()) {
    put({
      ruleId: row.rule_id,
      subjectId: row.subject_id,
      part: row.part,
      verdict: row.verdict,
      since: row.since,
      pending: null,
      value: row.value,
      evidenceId: row.evidence_id,
    })
  }
  const ofSubject = (subjectId: string) => [...(subjects.get(subjectId)?.values() ?? [])]
  const all = () => [...subjects.keys()].flatMap(ofSubject)
  return {
    get: (ruleId, subjectId, part) => subjects.get(subjectId)?.get(`${ruleId}\n${part}`),
    partsOf: (ruleId, subjectId) =>
      ofSubject(subjectId).flatMap(known => (known.ruleId === ruleId ? [known.part] : [])),
    ofSubject,
    put,
    countsOf(ruleId) {
      const counts = { met: 0, 'at-risk': 0, unmet: 0, unmeasured: 0, exempt: 0, 'not-applicable': 0 }
      for (const known of all()) if (known.ruleId === ruleId) counts[known.verdict] += 1
      return counts
    },
    unmet: () => all().filter(known => known.verdict === 'unmet'),
  }
}
