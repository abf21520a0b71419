import { useEffect, useState } from 'preact/hooks'
import type { DeviceRow } from '../../../../protocol/device-calls.ts'
import { DEVICE_KINDS } from '../../../../protocol/snmp-words.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { FILTER_ATTRIBUTE } from '../../app/keyboard.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatNumber } from '../../format/number.ts'
import { formatSeconds } from '../../format/seconds.ts'
import { language, t } from '../../i18n/translate.ts'
import { line } from '../../live/live-state.ts'
import { Age } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { SimulatedMark } from '../../ui/simulated.tsx'
import { StateLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import { STATES_WORST_FIRST } from '../wall/arrange.ts'
import { arrangeDevices, SORTS, type Sort, slowestOf } from './arrange-devices.ts'
import './devices.css'

const RELOAD_MS = 10_000
/** A thousand rows at once make each word that is typed wait; who looks for one device types. */
const ROWS_AT_ONCE = 100

/** All polled devices: found by a word, a kind or a state, in the order that one asks for. */
export function DevicesScreen() {
  const devices = useResource('devices', signal => call('devices', { signal }))
  const [filter, setFilter] = useState({ text: '', kind: '', state: '' })
  const [sort, setSort] = useState<Sort>('name')
  const [most, setMost] = useState(ROWS_AT_ONCE)
  const alive = line.value.state === 'live'
  const { reload } = devices
  useTitle(t('devices.title'))
  useEffect(() => {
    if (!alive) return
    const timer = setInterval(reload, RELOAD_MS)
    return () => clearInterval(timer)
  }, [alive, reload])

  const all = devices.data?.devices ?? []
  const shown = arrangeDevices(all, filter, sort)
  const slowest = slowestOf(all)
  const count = (value: number): string => formatNumber(value, language.value, 0)
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('devices.title')}</h1>
        {may('inventory:write') && (
          <Link class="button button-primary button-normal" to="/devices/new">
            {t('devices.add')}
          </Link>
        )}
      </div>
      <ErrorNotice error={devices.error} onRetry={reload} />
      {devices.data === null && devices.loading && <Skeleton rows={6} />}
      {devices.data !== null && all.length === 0 && (
        <EmptyState title={t('devices.empty')}>
          <p>{t('devices.empty.text')}</p>
        </EmptyState>
      )}
      {all.length > 0 && (
        <>
          <Filter filter={filter} onFilter={setFilter} sort={sort} onSort={setSort} />
          <p class="faint devices-count" aria-live="polite">
            {t('devices.count', { shown: count(shown.length), n: count(all.length) })}
            {slowest !== null && (
              <span>
                {t('devices.slowest', {
                  name: slowest.name,
                  time: formatSeconds(slowest.pollSeconds ?? 0, language.value),
                })}
              </span>
            )}
          </p>
          {shown.length === 0 ? <EmptyState title={t('devices.no-match')} /> : <Devices rows={shown.slice(0, most)} />}
          {shown.length > most && (
            <button
              type="button"
              class="button button-plain button-normal"
              onClick={() => setMost(most + ROWS_AT_ONCE)}
            >
              {t('devices.more', { n: Math.min(ROWS_AT_ONCE, shown.length - most) })}
            </button>
          )}
        </>
      )}
    </div>
  )
}

type FilterProps = {
  filter: { text: string; kind: string; state: string }
  onFilter: (filter: FilterProps['filter']) => void
  sort: Sort
  onSort: (sort: Sort) => void
}

function Filter({ filter, onFilter, sort, onSort }: FilterProps) {
  const choice = (label: string, value: string, onValue: (value: string) => void, options: [string, string][]) => (
    <select class="input" aria-label={label} value={value} onChange={event => onValue(event.currentTarget.value)}>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  )
  const marked = { [FILTER_ATTRIBUTE]: '' }
  return (
    <search class="devices-filter">
      <input
        {...marked}
        class="input"
        type="search"
        aria-label={t('devices.search')}
        placeholder={t('devices.search')}
        value={filter.text}
        onInput={event => onFilter({ ...filter, text: event.currentTarget.value })}
      />
      {choice(t('devices.kind'), filter.kind, kind => onFilter({ ...filter, kind }), [
        ['', t('devices.kind.all')],
        ...DEVICE_KINDS.map((kind): [string, string] => [kind, t(`kind.${kind}`)]),
      ])}
      {choice(t('devices.state'), filter.state, state => onFilter({ ...filter, state }), [
        ['', t('devices.state.all')],
        ...STATES_WORST_FIRST.map((state): [string, string] => [state, t(`state.${state}`)]),
      ])}
      {choice(t('devices.sort'), sort, value => onSort(SORTS.find(one => one === value) ?? 'name'), [
        ...SORTS.map((one): [string, string] => [one, t(`devices.sort.${one}`)]),
      ])}
    </search>
  )
}

function Devices({ rows }: { rows: DeviceRow[] }) {
  return (
    <Table
      label={t('devices.title')}
      rows={rows}
      rowKey={row => row.id}
      columns={[
        {
          label: t('devices.name'),
          kind: 'head',
          cell: row => (
            <span>
              <Link to={pathOf({ screen: 'device', id: row.id })}>{row.name}</Link> {row.simulated && <SimulatedMark />}
              <span class="source">{t(`kind.${row.kind}`)}</span>
            </span>
          ),
        },
        { label: t('devices.state'), cell: row => <StateLabel state={row.state} /> },
        { label: t('devices.address'), cell: row => <code>{row.address}</code> },
        {
          label: t('devices.what'),
          cell: row => (
            <span>
              {[row.vendor, row.model].filter(text => text !== null).join(' ') || '–'}
              {row.hasConflict && <span class="devices-conflict tone-degraded">{t('device.conflict')}</span>}
            </span>
          ),
        },
        {
          label: t('devices.ports'),
          kind: 'number',
          cell: row => (row.interfaces === 0 ? '–' : `${row.interfacesUp} / ${row.interfaces}`),
        },
        {
          label: t('devices.poll'),
          kind: 'number',
          cell: row => (row.pollSeconds === null ? '–' : formatSeconds(row.pollSeconds, language.value)),
        },
        { label: t('devices.heard'), kind: 'number', cell: row => <Age at={row.lastHeardAt} /> },
      ]}
    />
  )
}
