import type { Signal } from '@preact/signals'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import { FILTER_ATTRIBUTE } from '../../app/keyboard.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { STATES_WORST_FIRST } from './arrange.ts'

type SummaryProps = {
  counts: Record<SubjectState, number>
  total: number
  text: Signal<string>
  only: Signal<SubjectState | null>
}

/** How many stand where. A count is a button: it shows only those. */
export function SummaryStrip({ counts, total, text, only }: SummaryProps) {
  return (
    <div class="summary">
      <ul class="counts" aria-label={t('wall.counts')}>
        <li class="count count-all">
          <span class="count-number">{formatNumber(total, language.value, 0)}</span>
          <span class="count-word">{t('wall.servers', { n: total })}</span>
        </li>
        {STATES_WORST_FIRST.map(state => (
          <li key={state}>
            <button
              type="button"
              class={counts[state] === 0 ? 'count count-zero' : `count count-${state}`}
              aria-pressed={only.value === state}
              onClick={() => {
                only.value = only.value === state ? null : state
              }}
            >
              <StateMark state={state} />
              <span class="count-number">{formatNumber(counts[state], language.value, 0)}</span>
              <span class="count-word">{t(`state.${state}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      <input
        {...{ [FILTER_ATTRIBUTE]: '' }}
        class="input filter"
        type="search"
        aria-label={t('wall.filter')}
        placeholder={t('wall.filter.placeholder')}
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value
        }}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          text.value = ''
          event.currentTarget.blur()
        }}
      />
    </div>
  )
}
