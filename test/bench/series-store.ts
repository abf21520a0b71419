// The embedded series store beside InfluxDB 1.x and VictoriaMetrics, on the same data in the same run: writing, asking, disk,
// memory. Run: node test/bench/series-store.ts [--samples 6000000] [--only pantau,influxdb,victoria-metrics]
// The data is told in series/city.ts. 60 % of the samples are 30 days of the routers and links that reports look at, the rest
// are all 90,000 series up to now. A couple of minutes; --samples 50000000 takes about a quarter of an hour and 6 GB of disk.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Batch, createCity, createStream, DAY_MS, DEEP, MINUTE_MS, SERIES } from './series/city.ts'
import { openPeer } from './series/http-peers.ts'
import { openPantau } from './series/pantau-peer.ts'
import type { Peer } from './series/peer.ts'

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '6000000' },
    only: { type: 'string', default: 'pantau,influxdb,victoria-metrics' },
  },
})
const SAMPLES = Number(options.samples)
/** In flight at once; the last of the samples go in small batches. */
const LARGE = { size: 10_000, together: 2 }
const SMALL = { size: 1_000, together: 8 }

const end = Math.floor(Date.UTC(2026, 10, 21) / MINUTE_MS)
const daysFrom = end - 30 * 1440
const deep = Math.max(100, Math.min(DEEP, Math.floor((SAMPLES * 0.6) / (30 * 1440))))
const minutes = Math.max(12, Math.floor((SAMPLES - deep * 30 * 1440) / SERIES))
const city = createCity(daysFrom)

type Figures = Record<string, number>

async function pour(peer: Peer, fill: (size: number) => Batch, { size, together }: typeof LARGE, most: number) {
  let written = 0
  let busyMs = 0
  const startedMs = performance.now()
  while (written < most) {
    const batches: Batch[] = []
    const prepared: unknown[] = []
    for (let number = 0; number < together; number++) {
      const batch = fill(size)
      if (batch.length === 0) break
      batches.push(batch)
      // Making the data takes turns, so that the stalls which are measured are the store's.
      await turn()
      prepared.push(peer.prepare(batch))
      await turn()
    }
    if (batches.length === 0) break
    const beganMs = performance.now()
    await Promise.all(prepared.map(one => peer.write(one)))
    busyMs += performance.now() - beganMs
    for (const { length } of batches) written += length
  }
  return { written, busyMs, wholeMs: performance.now() - startedMs }
}

async function median(
  times: number,
  work: () => Promise<number>,
  expected: (found: number) => boolean,
): Promise<number> {
  const took: number[] = []
  for (let run = 0; run < times; run++) {
    const beganMs = performance.now()
    const found = await work()
    took.push(performance.now() - beganMs)
    if (!expected(found)) throw new Error(`an answer has ${found} parts`)
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN
}

/** The longest time that this thread had no turn, from now until it is stopped. */
function watchStalls() {
  let last = performance.now()
  let longest = 0
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  return () => {
    clearInterval(timer)
    return longest
  }
}

async function measure(peer: Peer): Promise<Figures> {
  const figures: Figures = {}
  let rss = peer.rssBytes()
  figures['RSS before, MiB'] = rss / 1024 / 1024
  const watch = setInterval(() => {
    rss = Math.max(rss, peer.rssBytes())
  }, 100)
  await turn()
  const stopWatching = watchStalls()
  const cpu = peer.cpuSeconds()

  const history = createStream(city, { series: deep, from: daysFrom, to: end, seed: 1 })
  const recent = createStream(city, { series: SERIES, from: end, to: end + minutes, seed: 2 })
  const past = await pour(peer, history, LARGE, Number.POSITIVE_INFINITY)
  const large = await pour(peer, recent, LARGE, Math.floor(minutes * SERIES * 0.75))
  const small = await pour(peer, recent, SMALL, Number.POSITIVE_INFINITY)
  figures['samples written'] = past.written + large.written + small.written
  for (const [what, { written, busyMs, wholeMs }] of [
    [`30 days of ${deep} series, batches of 10,000`, past],
    ['all series, batches of 10,000', large],
    ['all series, batches of 1,000', small],
  ] as const) {
    figures[`samples/s, ${what}`] = written / (busyMs / 1000)
    figures[`  with making the data, ${what}`] = written / (wholeMs / 1000)
  }
  figures['CPU µs a sample'] = ((peer.cpuSeconds() - cpu) * 1e6) / figures['samples written']
  figures['longest stall of this thread, ms'] = stopWatching()
  await peer.settle((end + minutes) * MINUTE_MS)
  clearInterval(watch)
  figures['peak RSS, MiB'] = rss / 1024 / 1024
  for (const [what, bytes] of Object.entries(peer.bytes())) {
    figures[`bytes a sample: ${what}`] = bytes / figures['samples written']
  }

  const to = end * MINUTE_MS
  const month = to - 30 * DAY_MS
  const links = Array.from({ length: 50 }, (_, link) => link * 2)
  const stepMs = (30 * DAY_MS) / 400
  figures['30 days to 400 points, ms'] = await median(
    9,
    () => peer.average(0, month, to, stepMs),
    found => found >= 399,
  )
  figures['1 hour raw, ms'] = await median(
    99,
    () => peer.raw(2, to - 3_600_000, to),
    found => found >= 59,
  )
  figures['last of 90,000 series, ms'] = await median(
    5,
    () => peer.latest(),
    found => found >= SERIES,
  )
  figures['95th percentile of 50 links, 30 days, ms'] = await median(
    3,
    () => peer.percentiles(links, month, to),
    found => found === 50,
  )
  return figures
}

const chosen = options.only.split(',')
const results = new Map<string, Figures>()
for (const name of ['pantau', 'influxdb', 'victoria-metrics'] as const) {
  if (!chosen.includes(name)) continue
  const directory = mkdtempSync(join(tmpdir(), 'pantau-bench-'))
  try {
    const peer = name === 'pantau' ? await openPantau(directory, city) : await openPeer(name, directory, city)
    if (peer === null) {
      console.log(`${name} is not installed on this machine: left out`)
      continue
    }
    try {
      results.set(name, await measure(peer))
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
console.log(
  `${deep} series with 30 days, ${minutes} minutes of all ${SERIES}; load of the machine ${loadavg()
    .map(load => load.toFixed(1))
    .join(' ')}; pantau's CPU and RSS include making the data`,
)
