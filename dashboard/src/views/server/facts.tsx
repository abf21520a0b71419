import type { ServerView } from '../../../../protocol/server-views.ts'
import { factName } from '../../format/names.ts'
import { formatBitRate, formatBytes, formatNumber, formatPercent } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Meter } from '../../ui/meter.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import '../../ui/facts.css'

export function Facts({ facts }: { facts: ServerView['facts'] }) {
  return (
    <Panel title={t('facts.title')}>
      {facts.length === 0 ? (
        <EmptyState title={t('facts.empty')} />
      ) : (
        <dl class="fact-list">
          {facts.map(fact => (
            <div key={fact.name}>
              <dt title={fact.name}>{factName(fact.name, language.value)}</dt>
              <dd>{factText(fact.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}

function factText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  return typeof value === 'number' ? formatNumber(value, language.value, 3) : value
}

export function Filesystems({ rows }: { rows: ServerView['filesystems'] }) {
  const words = language.value
  return (
    <Panel title={t('filesystems.title')}>
      {rows.length === 0 ? (
        <EmptyState title={t('filesystems.empty')} />
      ) : (
        <Table
          label={t('filesystems.title')}
          rows={[...rows].sort((a, b) => b.usedRatio - a.usedRatio)}
          rowKey={row => row.mountpoint}
          columns={[
            { label: t('filesystems.mountpoint'), kind: 'head', cell: row => <code>{row.mountpoint}</code> },
            { label: t('filesystems.type'), cell: row => <span class="soft">{row.fstype}</span> },
            {
              label: t('filesystems.used'),
              cell: row => (
                <span class="use">
                  <strong>{formatPercent(row.usedRatio, words, 1)}</strong>
                  <Meter ratio={row.usedRatio} />
                </span>
              ),
            },
            { label: t('filesystems.free'), kind: 'number', cell: row => formatBytes(row.availBytes, words) },
            { label: t('filesystems.size'), kind: 'number', cell: row => formatBytes(row.sizeBytes, words) },
          ]}
        />
      )}
    </Panel>
  )
}

export function Interfaces({ rows }: { rows: ServerView['interfaces'] }) {
  const rate = (bps: number | null) => (bps === null ? '–' : formatBitRate(bps, language.value))
  return (
    <Panel title={t('interfaces.title')}>
      {rows.length === 0 ? (
        <EmptyState title={t('interfaces.empty')} />
      ) : (
        <Table
          label={t('interfaces.title')}
          rows={rows}
          rowKey={row => row.device}
          columns={[
            { label: t('interfaces.device'), kind: 'head', cell: row => <code>{row.device}</code> },
            { label: t('interfaces.receive'), kind: 'number', cell: row => rate(row.receiveBps) },
            { label: t('interfaces.transmit'), kind: 'number', cell: row => rate(row.transmitBps) },
          ]}
        />
      )}
    </Panel>
  )
}
