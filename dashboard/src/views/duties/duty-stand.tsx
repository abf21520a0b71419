import type { DutyCounts } from '../../../../protocol/duty-views.ts'
import type { MissKind } from '../../../../protocol/duty-words.ts'
import { VERDICTS, type Verdict } from '../../../../protocol/vocabulary.ts'
import { t } from '../../i18n/translate.ts'
import { StateMark, VerdictLabel } from '../../ui/state-mark.tsx'

/** How a duty stands. What is not kept is called by its class; an option is named as one and never alarms. */
export function DutyStand({ verdict, miss }: { verdict: Verdict; miss: MissKind }) {
  if (miss === 'option') return <span class="state tone-neutral">{t('duty.miss.option')}</span>
  if (verdict !== 'unmet') return <VerdictLabel verdict={verdict} />
  return (
    <span class={`state ${miss === 'breach' ? 'tone-down' : 'tone-degraded'}`}>
      <StateMark state={miss === 'breach' ? 'down' : 'degraded'} />
      {t(`kind.${miss}`)}
    </span>
  )
}

/** How many subjects stand where: words, worst first, nothing left out. */
export function SubjectCounts({ counts, miss }: { counts: DutyCounts; miss: MissKind }) {
  const shown = WORST_FIRST.filter(verdict => counts[verdict] > 0)
  if (shown.length === 0) return <span class="faint">{t('duty.no-subjects')}</span>
  return (
    <ul class="duty-counts">
      {shown.map(verdict => (
        <li key={verdict}>
          <strong>{counts[verdict]}</strong> {wordOf(verdict, miss)}
        </li>
      ))}
    </ul>
  )
}

function wordOf(verdict: Verdict, miss: MissKind): string {
  return (verdict === 'unmet' && miss !== 'option' ? t(`kind.${miss}`) : t(`verdict.${verdict}`)).toLowerCase()
}

const WORST_FIRST: readonly Verdict[] = [...VERDICTS].sort((left, right) => rank(left) - rank(right))

function rank(verdict: Verdict): number {
  return ['unmet', 'unmeasured', 'at-risk', 'met', 'exempt', 'not-applicable'].indexOf(verdict)
}

export function totalOf(counts: DutyCounts): number {
  return VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0)
}
