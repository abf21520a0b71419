// Pure: which duties are shown, and under which heading.
import type { DutyView } from '../../../../protocol/duty-views.ts'
import type { Verdict } from '../../../../protocol/vocabulary.ts'
import { formatCitation } from '../../format/citation.ts'

export const GROUPS = ['pasal', 'theme', 'party', 'agency'] as const
export type Group = (typeof GROUPS)[number]
export const SHOWN = ['all', 'unmet', 'at-risk', 'unmeasured', 'met'] as const
export type Shown = (typeof SHOWN)[number]

/** Those with a subject that stands so, and whose words, citation or id have the text. An option is never "not kept". */
export function chooseDuties(duties: readonly DutyView[], choice: { shown: Shown; text: string }): DutyView[] {
  const wanted = choice.text.trim().toLowerCase()
  return duties.filter(duty => stands(duty, choice.shown) && (wanted === '' || wordsOf(duty).includes(wanted)))
}

function stands(duty: DutyView, shown: Shown): boolean {
  if (shown === 'all') return true
  const verdict: Verdict = shown
  return duty.miss !== 'option' && duty.counts[verdict] > 0
}

function wordsOf({ id, title, citation, theme }: DutyView): string {
  return [id, title.id, title.en, formatCitation(citation), theme].join(' ').toLowerCase()
}

export type DutyGroup = { key: string; duties: DutyView[] }

/** In the order in which the first of each stands in the regulation. */
export function groupDuties(duties: readonly DutyView[], by: Exclude<Group, 'agency'>): DutyGroup[] {
  const groups = new Map<string, DutyGroup>()
  for (const duty of duties) {
    const key = by === 'pasal' ? `Pasal ${duty.citation.pasal}` : by === 'theme' ? duty.theme : duty.owedBy
    const group = groups.get(`${duty.packId}/${key}`) ?? { key, duties: [] }
    group.duties.push(duty)
    groups.set(`${duty.packId}/${key}`, group)
  }
  return [...groups.values()]
}
