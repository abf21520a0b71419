import type { DeviceView } from '../../../../protocol/device-calls.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import '../../ui/facts.css'

const FIELDS = [
  ...(['vendor', 'model', 'serial', 'osVersion', 'sysName', 'sysDescr', 'sysLocation', 'sysContact'] as const),
  ...(['baseMac', 'engineId', 'sysObjectId', 'profile'] as const),
]

/** Who it says it is, and what it does not offer. */
export function Identity({ view }: { view: DeviceView }) {
  const { identity, notOffered, discoveredAt } = view
  return (
    <Panel
      title={t('device.identity')}
      aside={
        discoveredAt !== null && (
          <span class="faint">
            {t('device.discovered')} <Time at={discoveredAt} style="day-minute" />
          </span>
        )
      }
    >
      {identity === null ? (
        <EmptyState title={t('device.identity.none')} />
      ) : (
        <dl class="fact-list">
          {FIELDS.map(field => (
            <div key={field}>
              <dt>{t(`identity.${field}`)}</dt>
              <dd>{identity[field] ?? <span class="faint">–</span>}</dd>
            </div>
          ))}
          {notOffered.length > 0 && (
            <div>
              <dt>{t('device.not-offered')}</dt>
              <dd class="soft">{notOffered.map(figure => t(`figure.${figure}`)).join(', ')}</dd>
            </div>
          )}
        </dl>
      )}
    </Panel>
  )
}

const UNITS = { temperature: '°C', voltage: 'V', fan: 'rpm', current: 'A', power: 'W', humidity: '' } as const

export function Sensors({ view }: { view: DeviceView }) {
  return (
    <Panel title={t('sensors.title')}>
      <Table
        label={t('sensors.title')}
        rows={view.sensors}
        rowKey={row => row.sensor}
        columns={[
          { label: t('sensors.name'), kind: 'head', cell: row => row.sensor },
          { label: t('devices.kind'), cell: row => t(`sensors.kind.${row.kind}`) },
          {
            label: t('incidents.value'),
            kind: 'number',
            cell: row =>
              row.value === null ? '–' : `${formatNumber(row.value, language.value, 1)} ${UNITS[row.kind]}`.trim(),
          },
        ]}
      />
    </Panel>
  )
}
