// Where every duty stands on every subject: in memory for the pages, and as rows, because a restart must not forget.
import type { Verdict } from '../../../protocol/vocabulary.ts'
import type { Records } from '../../stores/records/records.ts'
import type { Standing } from '../verdict.ts'

export type DutyStanding = Standing & {
  subjectId: string
  part: string
  value: number | null
  dueOn: string | null
  /** By which pass: what the newest one left out stands nowhere. */
  judgedAt: number
  evidenceId: string | null
}

export type DutyStandings = {
  get(ruleId: string, subjectId: string, part: string): DutyStanding | undefined
  ofRule(ruleId: string): DutyStanding[]
  put(ruleId: string, standing: DutyStanding): void
  forget(ruleId: string, subjectId: string, part: string): void
  rules(): string[]
}

/** `ruleIds`: of all packs that Pantau knows, for the table holds the operational rules too. */
export async function loadDutyStandings(records: Records, ruleIds: ReadonlySet<string>): Promise<DutyStandings> {
  const standings = createDutyStandings()
  const rows = await records
    .selectFrom('verdict')
    .leftJoin('evidence', 'evidence.id', 'verdict.evidence_id')
    .selectAll('verdict')
    .select('evidence.previous')
    .execute()
  for (const row of rows) {
    if (!ruleIds.has(row.rule_id)) continue
    standings.put(row.rule_id, {
      subjectId: row.subject_id,
      part: row.part,
      verdict: row.verdict,
      since: row.since,
      measured: measuredOf(row.verdict) ?? measuredOf(row.previous),
      badSince: { atRisk: null, unmet: null },
      value: row.value,
      dueOn: null,
      judgedAt: 0,
      evidenceId: row.evidence_id,
    })
  }
  return standings
}

export function createDutyStandings(): DutyStandings {
  const byRule = new Map<string, Map<string, DutyStanding>>()
  const keyOf = (subjectId: string, part: string) => (part === '' ? subjectId : `${subjectId}\n${part}`)
  return {
    get: (ruleId, subjectId, part) => byRule.get(ruleId)?.get(keyOf(subjectId, part)),
    ofRule: ruleId => [...(byRule.get(ruleId)?.values() ?? [])],
    put(ruleId, standing) {
      let known = byRule.get(ruleId)
      if (known === undefined) {
        known = new Map()
        byRule.set(ruleId, known)
      }
      known.set(keyOf(standing.subjectId, standing.part), standing)
    },
    forget(ruleId, subjectId, part) {
      byRule.get(ruleId)?.delete(keyOf(subjectId, part))
    },
    rules: () => [...byRule.keys()],
  }
}

function measuredOf(verdict: Verdict | null) {
  return verdict === 'met' || verdict === 'at-risk' || verdict === 'unmet' ? verdict : null
}
