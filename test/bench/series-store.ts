// The embedded series store beside InfluxDB 1.x and VictoriaMetrics, on the same data in the same run: writing, asking, disk,
// memory. Run: npm run bench -- series-store [--samples 6000000] [--peer-samples 6000000] [--only pantau,influxdb,victoria-metrics] [--entries]
// The caller hands samples over as columns; --entries: as entries, an object a sample.
// The data is told in series/city.ts. 60 % of the samples are 30 days of the routers and links that reports look at, the rest
// are all 90,000 series up to now. A couple of minutes; --samples 50000000 takes about a quarter of an hour and 6 GB of disk, and
// less with fewer samples for the peers.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCity, createStream, DAY_MS, DEEP, MINUTE_MS, SERIES } from './series/city.ts'
import { openPeer } from './series/http-peers.ts'
import { openPantau } from './series/pantau-peer.ts'
import { type Peer, processCpuSeconds, processMemory } from './series/peer.ts'

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '6000000' },
    'peer-samples': { type: 'string' },
    only: { type: 'string', default: 'pantau,influxdb,victoria-metrics' },
    entries: { type: 'boolean', default: false },
  },
})
/** In flight at once; the last of the samples go in small batches. */
const LARGE = { size: 10_000, together: 4 }
const SMALL = { size: 1_000, together: 16 }

const end = Math.floor(Date.UTC(2026, 10, 21) / MINUTE_MS)
const daysFrom = end - 30 * 1440
const city = createCity(daysFrom)

/** How many series have 30 days, and how many minutes all of them have. */
function planFor(name: string): { deep: number; minutes: number } {
  const samples = Number(name === 'pantau' ? options.samples : (options['peer-samples'] ?? options.samples))
  const deep = Math.max(100, Math.min(DEEP, Math.floor((samples * 0.6) / (30 * 1440))))
  return { deep, minutes: Math.max(12, Math.floor((samples - deep * 30 * 1440) / SERIES)) }
}

type Figures = Record<string, number>

async function measure(peer: Peer): Promise<Figures> {
  const figures: Figures = { 'RSS before, MiB': processMemory(peer.pid).rssBytes / 2 ** 20 }
  const cpu = processCpuSeconds(peer.pid)
  const { deep, minutes } = planFor(peer.name)
  const history = createStream(city, { series: deep, from: daysFrom, to: end, seed: 1 })
  const recent = createStream(city, { series: SERIES, from: end, to: end + minutes, seed: 2 })
  const all = Number.POSITIVE_INFINITY
  let written = 0
  for (const [what, phase] of [
    ['30 days of some series, batches of 10,000', { fill: history, ...LARGE, most: all }],
    ['all series for the first time, batches of 10,000', { fill: recent, ...LARGE, most: SERIES }],
    ['all series, batches of 10,000', { fill: recent, ...LARGE, most: Math.floor(minutes * SERIES * 0.75) }],
    ['all series, batches of 1,000', { fill: recent, ...SMALL, most: all }],
  ] as const) {
    const poured = await peer.pour(phase)
    figures[`samples/s, ${what}`] = poured.written / (poured.ms / 1000)
    if (poured.stallMs !== undefined) figures[`  longest stall of the caller, ms, ${what}`] = poured.stallMs
    figures[`  peak RSS until then, MiB, ${what}`] = processMemory(peer.pid).peakBytes / 2 ** 20
    written += poured.written
  }
  figures['samples written'] = written
  figures['CPU µs a sample'] = ((processCpuSeconds(peer.pid) - cpu) * 1e6) / written
  await peer.settle((end + minutes) * MINUTE_MS)
  figures['peak RSS until all is settled, MiB'] = processMemory(peer.pid).peakBytes / 2 ** 20
  for (const [what, bytes] of Object.entries(peer.bytes())) figures[`bytes a sample: ${what}`] = bytes / written

  const to = end * MINUTE_MS
  const month = to - 30 * DAY_MS
  const links = Array.from({ length: 50 }, (_, link) => link * 2)
  const stepMs = (30 * DAY_MS) / 400
  for (const [what, question, times, least] of [
    ['30 days to 400 points, ms', { kind: 'average', series: 0, from: month, to, stepMs }, 9, 399],
    ['1 hour raw, ms', { kind: 'raw', series: 2, from: to - 3_600_000, to }, 99, 59],
    ['last of 90,000 series, ms', { kind: 'latest' }, 5, SERIES],
    ['95th percentile of 50 links, 30 days, ms', { kind: 'percentiles', series: links, from: month, to }, 5, 50],
  ] as const) {
    const { ms, parts } = await peer.ask(question, times)
    if (parts < least) throw new Error(`${what}: an answer has ${parts} parts`)
    figures[what] = ms
    figures[`  peak RSS until then, MiB, ${what}`] = processMemory(peer.pid).peakBytes / 2 ** 20
  }
  return { ...figures, ...(await peer.more()) }
}

const chosen = options.only.split(',')
const results = new Map<string, Figures>()
for (const name of ['pantau', 'influxdb', 'victoria-metrics'] as const) {
  if (!chosen.includes(name)) continue
  const directory = mkdtempSync(join(tmpdir(), 'pantau-bench-'))
  try {
    const peer =
      name === 'pantau'
        ? await openPantau(directory, daysFrom, options.entries ? 'entries' : 'columns')
        : await openPeer(name, directory, city)
    if (peer === null) {
      console.log(`${name} is not installed on this machine: left out`)
      continue
    }
    try {
      const figures = await measure(peer)
      results.set(name, figures)
      // At once, for the next one may take long or fail.
      console.log(name, figures)
    } finally {
      await peer.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const mine = results.get('pantau')
const rounded = (value: number | undefined) =>
  value === undefined ? '' : Number(value.toPrecision(value > 1000 ? 7 : 3)).toLocaleString('en')
const rows = [...new Set([...results.values()].flatMap(figures => Object.keys(figures)))].map(what => ({
  what,
  ...Object.fromEntries(
    [...results].flatMap(([name, figures]) => {
      const ratio =
        mine?.[what] === undefined || figures[what] === undefined ? '' : (figures[what] / mine[what]).toPrecision(2)
      return name === 'pantau'
        ? [[name, rounded(figures[what])]]
        : [
            [name, rounded(figures[what])],
            [`${name} / pantau`, ratio],
          ]
    }),
  ),
}))
console.table(rows)
for (const name of results.keys()) {
  const { deep, minutes } = planFor(name)
  console.log(`${name}: ${deep} series with 30 days, ${minutes} minutes of all ${SERIES}`)
}
const load = loadavg().map(one => one.toFixed(1))
console.log(`load of the machine ${load.join(' ')}`)
