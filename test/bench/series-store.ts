// How fast the embedded series store is on this machine: appends in large and small batches, window queries.
// Run: node test/bench/series-store.ts (within a minute; writes to the system's temporary directory).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createEmbeddedSeriesStore } from '../../server/stores/series/embedded/embedded-series-store.ts'
import type { SeriesEntry, SeriesStore } from '../../server/stores/series/series-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const STEP_MS = 10_000
const METRICS_A_SUBJECT = 60

/** Subject i of a data centre, as its agent reports it every ten seconds. */
function round(subjects: number, firstSubject: number, at: number): SeriesEntry[] {
  return Array.from({ length: subjects * METRICS_A_SUBJECT }, (_, index) => {
    const subject = firstSubject + Math.floor(index / METRICS_A_SUBJECT)
    const metric = `metric_${index % METRICS_A_SUBJECT}`
    const value = Math.round(Math.sin(at / 1e6 + index) * 1000) / 1000
    return { key: { subjectId: `subject-${subject}`, metric, labels: {}, agentId: 'agent' }, samples: [[at, value]] }
  })
}

/** Appends batches of about `samples`, `together` of them at a time, for `forMs`. Returns samples a second. */
async function measureAppends(store: SeriesStore, now: number, samples: number, together: number, forMs: number) {
  const subjects = Math.round(samples / METRICS_A_SUBJECT)
  let stored = 0
  let at = now - DAY_MS
  const startedMs = performance.now()
  while (performance.now() - startedMs < forMs) {
    const appends = Array.from({ length: together }, (_, index) => store.append(round(subjects, index * subjects, at)))
    for (const report of await Promise.all(appends)) stored += report.stored
    at += STEP_MS
  }
  return stored / ((performance.now() - startedMs) / 1000)
}

async function medianMs(times: number, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let run = 0; run < times; run++) {
    const startedMs = performance.now()
    await work()
    took.push(performance.now() - startedMs)
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN
}

/** The longest time that the main thread had no turn while `work` ran. */
async function withStall<T>(work: () => Promise<T>): Promise<{ result: T; stallMs: number }> {
  let last = performance.now()
  let stallMs = 0
  const timer = setInterval(() => {
    stallMs = Math.max(stallMs, performance.now() - last)
    last = performance.now()
  }, 1)
  const result = await work()
  clearInterval(timer)
  return { result, stallMs }
}

async function withStore<T>(now: number, work: (store: SeriesStore) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-bench-'))
  const store = await createEmbeddedSeriesStore({ directory, now: () => now })
  try {
    return await work(store)
  } finally {
    await store.close()
    rmSync(directory, { recursive: true })
  }
}

const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
const rows: Record<string, string>[] = []
const row = (what: string, figure: string) => rows.push({ what, figure })

for (const [samples, together] of [
  [10_000, 1],
  [1_000, 1],
  [1_000, 8],
  [60, 64],
] as const) {
  const { result, stallMs } = await withStore(now, store =>
    withStall(() => measureAppends(store, now, samples, together, 6_000)),
  )
  row(`append, batches of ${samples}, ${together} at a time`, `${Math.round(result).toLocaleString('en')} samples/s`)
  row('  longest stall of the main thread', `${stallMs.toFixed(0)} ms`)
}

await withStore(now, async store => {
  const days = 30
  const perDay = DAY_MS / STEP_MS
  for (let day = days; day > 0; day--) {
    const samples = Array.from({ length: perDay }, (_, index): [number, number] => [
      now - day * DAY_MS + index * STEP_MS,
      Math.sin(index),
    ])
    await store.append([{ key: { subjectId: 's', metric: 'm', labels: {}, agentId: 'a' }, samples }])
  }
  const query = { subjectId: 's', metric: 'm', to: now }
  const stepMs = (days * DAY_MS) / 400
  const month = { ...query, from: now - days * DAY_MS, stepMs }
  row(
    '30 days at 10 s to 400 averages',
    `${(await medianMs(9, () => store.range({ ...month, aggregate: 'avg' }))).toFixed(1)} ms`,
  )
  row(
    '30 days at 10 s to 400 last values',
    `${(await medianMs(9, () => store.range({ ...month, aggregate: 'last' }))).toFixed(1)} ms`,
  )
  row('1 hour as stored', `${(await medianMs(99, () => store.raw({ ...query, from: now - HOUR_MS }))).toFixed(2)} ms`)
  const { bytes, samples } = await store.size()
  row('on disk, with log', `${(bytes / samples).toFixed(1)} bytes/sample`)
  for (let subject = 0; subject < 1500; subject += 150) await store.append(round(150, subject, now))
  row('newest of 90,000 series', `${(await medianMs(5, () => store.latest())).toFixed(0)} ms`)
  row(
    'newest of one subject',
    `${(await medianMs(99, () => store.latest({ subjectIds: ['subject-7'] }))).toFixed(2)} ms`,
  )
})

console.table(rows)
