// Verdicts added up by agency, theme, pasal or regulation. A sum is a sum: the worst of it is named beside it, and so is how
// much of it nobody measured. There is no share of duties kept, for a share would hide the one that is broken.
import type { RollupRow } from '../../../protocol/duty-views.ts'
import { missOf } from '../../../protocol/duty-words.ts'
import type { DutyState } from './duty-state.ts'
import { noCounts, standingsOf, worstOf } from './duty-views.ts'
import type { DutyInForce } from './in-force.ts'

type Sum = RollupRow & { seen: Set<string> }

export function rollUp(
  state: DutyState,
  by: 'agency' | 'theme' | 'pasal' | 'regulation',
  agency?: string | undefined,
): RollupRow[] {
  const sums = new Map<string, Sum>()
  for (const duty of state.duties) {
    const miss = missOf(duty.rule.duty.modal)
    for (const { subjectId, verdict } of standingsOf(state, duty.rule.id, agency)) {
      const { key, name } = by === 'agency' ? agencyOf(state, subjectId) : placeOf(duty, by)
      const sum = sums.get(key) ?? newSum(key, name)
      sums.set(key, sum)
      sum.seen.add(duty.rule.id)
      // What may be done or left is shown on its own page; in a sum it would look like a miss.
      if (miss === 'option') continue
      sum.counts[verdict] += 1
      if (verdict === 'unmet' && miss === 'breach') sum.breaches += 1
      if (verdict === 'unmet' && miss === 'finding') sum.findings += 1
    }
  }
  return [...sums.values()].map(({ seen, ...row }) => {
    const applying = row.counts.met + row.counts['at-risk'] + row.counts.unmet + row.counts.unmeasured
    return {
      ...row,
      duties: seen.size,
      worst: worstOf(row.counts),
      unmeasuredRatio: applying === 0 ? 0 : row.counts.unmeasured / applying,
    }
  })
}

function newSum(key: string, name: string): Sum {
  return {
    ...{ key, name, duties: 0, counts: noCounts(), breaches: 0, findings: 0 },
    ...{ worst: 'unmeasured', unmeasuredRatio: 0, seen: new Set<string>() },
  }
}

/** What belongs to no agency belongs to the government as a whole. */
function agencyOf({ snapshot }: DutyState, subjectId: string): { key: string; name: string } {
  const subject = snapshot.subject(subjectId)
  const agency = subject?.kind === 'agency' ? subject : snapshot.subject(subject?.agencyId ?? '')
  return agency === undefined ? { key: 'city', name: 'Pemerintah Daerah' } : { key: agency.id, name: agency.name }
}

function placeOf({ rule }: DutyInForce, by: 'theme' | 'pasal' | 'regulation'): { key: string; name: string } {
  if (by === 'theme') return { key: rule.duty.theme, name: rule.duty.theme }
  if (by === 'regulation') return { key: rule.packId, name: rule.packId }
  const { pasal } = rule.duty.citation
  return { key: `${rule.packId}/${pasal}`, name: `Pasal ${pasal}` }
}
