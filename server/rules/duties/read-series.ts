// What only a look at the past of a figure tells: how full a line was, and since when security updates wait.
import type { CurrentValues } from '../../stores/current-values.ts'
import type { Records } from '../../stores/records/records.ts'
import type { RawSeries, SeriesStore } from '../../stores/series/series-store.ts'
import type { DutyPorts, DutySubject, UsedBps } from './snapshot.ts'

const DAY_MS = 86_400_000
const RECEIVED = 'node_network_receive_bytes_per_second'
const SENT = 'node_network_transmit_bytes_per_second'
const UPDATES = 'apt_upgrades_pending'
/** Further back than any duty asks. */
const UPDATES_SEARCHED_MS = 120 * DAY_MS
const AT_ONCE = 50

type Question = {
  records: Records
  current: CurrentValues
  series: Pick<SeriesStore, 'raw' | 'range'>
  subjects: readonly DutySubject[]
  at: number
}

/**
 * Of each link by the counters of the router at one of its ends, the far one if both are polled; the committed rate is what
 * was granted. An agency was granted what its links were. `longestMs` is the longest window that a duty asks for.
 */
export async function readBandwidth(
  { records, series, at }: Question,
  longestMs: number,
): Promise<DutyPorts['bandwidth']> {
  const links = await records.selectFrom('link').selectAll().where('removed_at', 'is', null).execute()
  const seen = new Map<string, RawSeries[]>()
  for (let index = 0; index < links.length; index += AT_ONCE) {
    const ends = links.slice(index, index + AT_ONCE).flatMap(link =>
      [
        { link: link.id, device: link.near_device_id, port: link.near_interface },
        { link: link.id, device: link.far_device_id, port: link.far_interface },
      ].flatMap(({ device, port, ...of }) => (device === null || port === null ? [] : [{ ...of, device, port }])),
    )
    if (ends.length === 0) continue
    const subjectId = [...new Set(ends.map(({ device }) => device))]
    const found = await series.raw({ subjectId, metric: [RECEIVED, SENT], from: at - longestMs, to: at + 1 })
    for (const { link, device, port } of ends) {
      const own = found.filter(({ key }) => key.subjectId === device && key.labels.device === port)
      if (own.length > 0) seen.set(link, own)
    }
  }
  const byAgency = Map.groupBy(links, ({ agency_id }) => agency_id)
  const byId = new Map(links.map(link => [link.id, link]))
  return (id, windowMs) => {
    const link = byId.get(id)
    if (link !== undefined) {
      return { usedBps: usedOf(seen.get(id) ?? [], at - windowMs), allocatedBps: link.committed_bps }
    }
    const own = byAgency.get(id)
    if (own === undefined) return null
    const granted = own.flatMap(({ committed_bps }) => (committed_bps === null ? [] : [committed_bps]))
    return { usedBps: null, allocatedBps: granted.length === 0 ? null : granted.reduce((sum, one) => sum + one, 0) }
  }
}

/** Of the busier direction; null without a sample. The percentile is one of the samples (nearest rank). */
function usedOf(series: readonly RawSeries[], from: number): UsedBps | null {
  const directions = [RECEIVED, SENT].flatMap(metric => {
    const values = series
      .filter(({ key }) => key.metric === metric)
      .flatMap(({ samples }) => samples.flatMap(([at, value]) => (at >= from ? [value * 8] : [])))
      .sort((left, right) => left - right)
    const last = values.at(-1)
    if (last === undefined) return []
    const p95 = values[Math.ceil(0.95 * values.length) - 1] ?? last
    return [{ p95, max: last, mean: values.reduce((sum, value) => sum + value, 0) / values.length }]
  })
  if (directions.length === 0) return null
  const most = (pick: (one: UsedBps) => number) => Math.max(...directions.map(pick))
  return { p95: most(one => one.p95), max: most(one => one.max), mean: most(one => one.mean) }
}

/** The last day on which none waited is the day from which on they wait; of a server that tells of none, nothing is known. */
export async function readSecurityUpdates(question: Question): Promise<DutyPorts['securityUpdates']> {
  const { current, series, subjects, at } = question
  const known = new Map<string, { pendingSince: number | null }>()
  for (const { id } of subjects.filter(({ kind }) => kind === 'server')) {
    const now = current.of(id, UPDATES).find(({ labels }) => labels.origin === 'security')
    // Told once a day: what is older than three days says nothing.
    if (now === undefined || at - now.at > 3 * DAY_MS) continue
    if (now.value === 0) {
      known.set(id, { pendingSince: null })
      continue
    }
    const [days] = await series.range({
      ...{ subjectId: id, metric: UPDATES, labels: { origin: 'security' }, aggregate: 'min' },
      ...{ from: at - UPDATES_SEARCHED_MS, to: at + 1, stepMs: DAY_MS },
    })
    const points = (days?.points ?? []).filter(([, value]) => value !== null)
    const clean = points.findLastIndex(([, value]) => value === 0)
    // Nobody saw what was before the first word.
    known.set(id, { pendingSince: points[clean + 1]?.[0] ?? now.at })
  }
  return id => known.get(id) ?? null
}
