import type { RollupRow } from '../../../../protocol/duty-views.ts'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import { formatPercent } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Meter } from '../../ui/meter.tsx'
import { StateMark } from '../../ui/state-mark.tsx'

/** How all duties of a regulation stand. No share is kept or broken: numbers, and how much of it nobody measured. */
export function StandingStrip({ row }: { row: RollupRow }) {
  const { counts } = row
  const figures: [SubjectState, string, number][] = [
    ['down', t('duties.breaches'), row.breaches],
    ['degraded', t('duties.findings'), row.findings],
    ['degraded', t('verdict.at-risk'), counts['at-risk']],
    ['unknown', t('verdict.unmeasured'), counts.unmeasured],
    ['up', t('verdict.met'), counts.met],
    ['maintenance', t('verdict.exempt'), counts.exempt],
    ['maintenance', t('verdict.not-applicable'), counts['not-applicable']],
  ]
  return (
    <section class="standing" aria-label={t('duties.stands')}>
      <ul class="standing-figures">
        {figures.map(([state, word, number]) => (
          <li key={word} class={number === 0 ? 'standing-zero' : ''}>
            <span class={number === 0 ? 'tone-neutral' : `tone-${state}`}>
              <StateMark state={state} /> <strong>{number}</strong>
            </span>
            <span class="standing-word">{word}</span>
          </li>
        ))}
      </ul>
      <UnmeasuredShare row={row} />
    </section>
  )
}

/** Said everywhere where verdicts are added up: what nobody measured counts as nothing. */
export function UnmeasuredShare({ row }: { row: RollupRow }) {
  const words = language.value
  // Rounded up: the last judgement without evidence must not vanish.
  const percent = formatPercent(Math.ceil(row.unmeasuredRatio * 1000) / 1000, words, 1)
  return (
    <div class="standing-unmeasured">
      <Meter ratio={row.unmeasuredRatio} />
      <span>
        {row.counts.unmeasured === 0
          ? t('duties.all-measured')
          : t('duties.unmeasured-share', { percent, n: row.counts.unmeasured })}
      </span>
    </div>
  )
}
