import { useRef, useState } from 'preact/hooks'
import type { DeviceView, InterfaceView } from '../../../../protocol/device-calls.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { formatBitRate, formatNumber, formatPercent } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { PortGraph } from './port-graph.tsx'
import { PortState } from './port-state.tsx'

/** All interfaces, and the picture of the one that is chosen. */
export function Ports({ view, tile }: { view: DeviceView; tile: ServerTile }) {
  const [chosenId, setChosenId] = useState<string | null>(null)
  // Once it is drawn it stays: the picture must not jump to another interface because that one is busier now.
  const shownFirst = useRef<string | null>(null)
  const [showsGone, setShowsGone] = useState(false)
  const { interfaces } = view
  const gone = interfaces.filter(({ goneAt }) => goneAt !== null)
  const rows = showsGone ? interfaces : interfaces.filter(({ goneAt }) => goneAt === null)
  const first = rows.find(({ id }) => id === shownFirst.current) ?? busiest(rows)
  if (first !== null && first.receiveBps !== null) shownFirst.current = first.id
  const chosen = interfaces.find(({ id }) => id === chosenId) ?? first
  return (
    <Panel title={t('ports.title')}>
      {chosen !== null && <PortGraph key={chosen.id} port={chosen} tile={tile} />}
      {rows.length === 0 ? (
        <EmptyState title={view.notOffered.includes('interfaces') ? t('device.not-offered') : t('ports.empty')} />
      ) : (
        <PortTable rows={rows} chosenId={chosen?.id ?? null} onChoose={setChosenId} />
      )}
      {gone.length > 0 && !showsGone && (
        <button type="button" class="button button-quiet button-small" onClick={() => setShowsGone(true)}>
          {t('ports.gone.show', { n: gone.length })}
        </button>
      )}
    </Panel>
  )
}

/** What one wants to see first: where most passes. */
function busiest(rows: readonly InterfaceView[]): InterfaceView | null {
  const load = (row: InterfaceView) => (row.receiveBps ?? 0) + (row.transmitBps ?? 0)
  const [first] = [...rows].sort((a, b) => load(b) - load(a))
  return first ?? null
}

type TableProps = { rows: InterfaceView[]; chosenId: string | null; onChoose: (id: string) => void }

function PortTable({ rows, chosenId, onChoose }: TableProps) {
  return (
    <Table
      label={t('ports.title')}
      rows={rows}
      rowKey={row => row.id}
      columns={[
        {
          label: t('ports.name'),
          kind: 'head',
          cell: row => (
            <span>
              <button
                type="button"
                class="port-choice"
                aria-pressed={row.id === chosenId}
                title={t('ports.show', { name: row.name })}
                onClick={() => onChoose(row.id)}
              >
                {row.name}
              </button>
              {row.alias !== '' && <span class="source">{row.alias}</span>}
              {row.countersDoubtful && <span class="source tone-degraded">{t('ports.doubtful')}</span>}
              {formerOf(row) !== '' && <span class="source">{t('ports.former', { names: formerOf(row) })}</span>}
            </span>
          ),
        },
        {
          label: t('ports.state'),
          cell: row =>
            row.goneAt === null ? (
              <span>
                <PortState state={row.state} />
                {row.stateSince !== null && (
                  <span class="source">
                    <Age at={row.stateSince} />
                  </span>
                )}
              </span>
            ) : (
              <span class="faint">{t('ports.gone')}</span>
            ),
        },
        {
          label: t('ports.speed'),
          kind: 'number',
          cell: row =>
            row.speedBps === null ? (
              <span class="faint">{t('ports.unknown-speed')}</span>
            ) : (
              formatBitRate(row.speedBps, language.value)
            ),
        },
        { label: t('ports.in'), kind: 'number', cell: row => <Rate bps={row.receiveBps} speedBps={row.speedBps} /> },
        { label: t('ports.out'), kind: 'number', cell: row => <Rate bps={row.transmitBps} speedBps={row.speedBps} /> },
        { label: t('ports.errors'), kind: 'number', cell: row => perSecond(row.errorsPerSecond) },
        { label: t('ports.discards'), kind: 'number', cell: row => perSecond(row.discardsPerSecond) },
        {
          label: t('ports.addresses'),
          cell: row =>
            row.addresses.length === 0 && row.mac === null ? (
              '–'
            ) : (
              <span>
                {row.addresses.map(address => (
                  <code class="port-address" key={address}>
                    {address}
                  </code>
                ))}
                {row.mac !== null && <code class="source">{row.mac}</code>}
              </span>
            ),
        },
      ]}
    />
  )
}

/** What it was called and labelled before, without what it still is. */
function formerOf({ name, alias, formerNames }: InterfaceView): string {
  const before = formerNames.flatMap(former => [former.name, former.alias])
  return [...new Set(before)].filter(text => text !== '' && text !== name && text !== alias).join(', ')
}

const perSecond = (value: number | null): string => (value === null ? '–' : formatNumber(value, language.value, 2))

function Rate({ bps, speedBps }: { bps: number | null; speedBps: number | null }) {
  if (bps === null) return <>–</>
  const words = language.value
  return (
    <span>
      {formatBitRate(bps, words)}
      {speedBps !== null && (
        <span class="source">{t('ports.use', { ratio: formatPercent(bps / speedBps, words, 1) })}</span>
      )}
    </span>
  )
}
