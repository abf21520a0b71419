// The embedded series store, measured from the main thread as the collector uses it.
import { setTimeout as sleep } from 'node:timers/promises'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import type { SeriesEntry } from '../../../server/stores/series/series-store.ts'
import type { Batch, City } from './city.ts'
import { directoryBytes, type Peer } from './peer.ts'

type Prepared = { entries: SeriesEntry[]; newest: number }

export async function openPantau(directory: string, city: City): Promise<Peer> {
  let clock = 0
  const store = await createEmbeddedSeriesStore({ directory, now: () => clock })
  const { keys } = city
  const keyOf = (series: number) => keys[series] ?? { subjectId: '', metric: '', labels: {}, agentId: '' }

  return {
    name: 'pantau',
    prepare({ series, ats, values, length }: Batch): Prepared {
      const entries: SeriesEntry[] = new Array(length)
      for (let index = 0; index < length; index++) {
        entries[index] = { key: keyOf(series[index] ?? 0), samples: [[ats[index] ?? 0, values[index] ?? 0]] }
      }
      return { entries, newest: ats.subarray(0, length).reduce((most, at) => Math.max(most, at), 0) }
    },
    async write(prepared) {
      const { entries, newest } = prepared as Prepared
      clock = Math.max(clock, newest)
      const { tooLate, tooEarly } = await store.append(entries)
      if (tooLate + tooEarly > 0) throw new Error(`${tooLate} too late, ${tooEarly} too early`)
    },
    async settle(at) {
      // Two hours on, so that the last window is packed too.
      clock = at + 3 * 3_600_000
      const { key } = { key: keyOf(0) }
      await store.append([{ key, samples: [[at + 1, 1]] }])
      for (let before = -1, now = 0; before !== now; ) {
        before = now
        await sleep(1500)
        now = (await store.size()).bytes
      }
      const health = await store.check()
      if (!health.ok) throw new Error(JSON.stringify(health.problems))
    },
    async average(series, from, to, stepMs) {
      const { subjectId, metric, labels } = keyOf(series)
      const [found] = await store.range({ subjectId, metric, labels, from, to, stepMs, aggregate: 'avg' })
      return found?.points.length ?? 0
    },
    async raw(series, from, to) {
      const { subjectId, metric, labels } = keyOf(series)
      return (await store.raw({ subjectId, metric, labels, from, to }))[0]?.samples.length ?? 0
    },
    latest: async () => (await store.latest()).length,
    async percentiles(series, from, to) {
      const window = { metric: 'if_octets_total', labels: { direction: 'in' }, from, to, stepMs: 300_000 }
      const subjectId = series.map(one => keyOf(one).subjectId)
      return (await store.percentile({ ...window, subjectId, percentile: 95, of: { as: 'rate' } })).length
    },
    bytes: () => ({
      samples: directoryBytes(directory, name => name.startsWith('series-')),
      tiers: directoryBytes(directory, name => /^(minute|quarter|hour|day)-/.test(name)),
      'log and names': directoryBytes(directory, name => /^(log-|names|last)/.test(name)),
    }),
    rssBytes: () => process.memoryUsage().rss,
    cpuSeconds: () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    close: () => store.close(),
  }
}
