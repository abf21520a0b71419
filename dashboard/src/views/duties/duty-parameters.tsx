import type { DutyParameterView } from '../../../../protocol/duty-views.ts'
import { formatDay } from '../../format/citation.ts'
import { parameterName } from '../../format/names.ts'
import { formatParameter } from '../../format/parameter.ts'
import { language, t } from '../../i18n/translate.ts'
import { Table } from '../../ui/table.tsx'

/** Each number with where it comes from: the text, the city by decree, or still only a proposal. */
export function DutyParameters({ parameters }: { parameters: readonly DutyParameterView[] }) {
  if (parameters.length === 0) return <p class="soft">{t('duty.parameters.none')}</p>
  return (
    <Table
      label={t('duty.parameters')}
      rows={parameters}
      rowKey={row => row.name}
      columns={[
        {
          label: t('duty.parameter'),
          kind: 'head',
          cell: row => <span title={row.name}>{parameterName(row.name, language.value)}</span>,
        },
        {
          label: t('duty.value'),
          cell: row => (
            <span>
              <strong>{formatParameter(row.name, row.value, '', language.value)}</strong>
              {row.setting !== null && (
                <span class="source">
                  {t('duty.was', { value: formatParameter(row.name, row.packValue, '', language.value) })}
                </span>
              )}
            </span>
          ),
        },
        { label: t('duty.source'), cell: row => <Source parameter={row} /> },
      ]}
    />
  )
}

function Source({ parameter: { source, setting } }: { parameter: DutyParameterView }) {
  if (setting === null) {
    return <span class={source === 'regulation' ? '' : 'duty-proposal'}>{t(`duty.source.${source}`)}</span>
  }
  return (
    <span>
      {t('duty.source.city')}
      <span class="source">
        {t('duty.source.set', {
          author: setting.author,
          decree: setting.decree,
          day: formatDay(setting.validFrom, language.value),
        })}
      </span>
    </span>
  )
}
