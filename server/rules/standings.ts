// Where every rule stands for every subject and part: in memory, because walls and ticks ask all the time, and as rows,
// because a restart must not forget.
import type { Verdict } from '../../protocol/vocabulary.ts'
import type { Records } from '../stores/records/records.ts'
import type { MeasuredVerdict, Standing } from './verdict.ts'

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
  /** Everything that stands anywhere. */
  subjects(): string[]
  /** A subject that is not judged any more stands nowhere. */
  forget(subjectId: string): void
}

export async function loadStandings(records: Records): Promise<Standings> {
  const subjects = new Map<string, Map<string, KnownStanding>>()
  const put = (standing: KnownStanding) => {
    const known = subjects.get(standing.subjectId) ?? new Map<string, KnownStanding>()
    known.set(`${standing.ruleId}\n${standing.part}`, standing)
    subjects.set(standing.subjectId, known)
  }
  const rows = await records
    .selectFrom('verdict')
    .leftJoin('evidence', 'evidence.id', 'verdict.evidence_id')
    .selectAll('verdict')
    .select('evidence.previous')
    .where('verdict.subject_id', 'in', eb =>
      eb
        .selectFrom('subject')
        .select('id')
        .where('removed_at', 'is', null)
        // Only duties look at services, and they keep their own.
        .where('kind', '!=', 'service')
        // Data sets stand in their register.
        .union(eb.selectFrom('register_version').select('record_id as id').where('kind', '=', 'dataset')),
    )
    .execute()
  for (const row of rows) {
    put({
      ruleId: row.rule_id,
      subjectId: row.subject_id,
      part: row.part,
      verdict: row.verdict,
      since: row.since,
      // What was measured before the evidence went away; the values' own clock starts anew.
      measured: measuredOf(row.verdict) ?? measuredOf(row.previous),
      badSince: { atRisk: null, unmet: null },
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
    subjects: () => [...subjects.keys()],
    forget: subjectId => {
      subjects.delete(subjectId)
    },
  }
}

function measuredOf(verdict: Verdict | null): MeasuredVerdict | null {
  return verdict === 'met' || verdict === 'at-risk' || verdict === 'unmet' ? verdict : null
}
