// A process with the embedded store and nothing but its caller: reads batches from a file, appends them from the main thread as
// the collector does, asks, and measures how long its main thread had no turn. Its memory is the store's and its caller's.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import type { SeriesColumns, SeriesEntry, SeriesKey } from '../../../server/stores/series/series-store.ts'
import { openBatchFile } from './batch-file.ts'
import { type Batch, createCity } from './city.ts'
import { type Answered, medianOf, type Poured, type Question } from './peer.ts'

export type StoreRequest =
  | { kind: 'pour'; path: string; samples: number; size: number; together: number; as: 'columns' | 'entries' }
  | { kind: 'settle'; at: number }
  | { kind: 'ask'; question: Question; times: number }
  | { kind: 'tell' }
  | { kind: 'close' }

export type StoreAnswers = {
  pour: Poured
  settle: null
  ask: Answered
  tell: { memoryBytes: number }
  close: null
}

const [directory = '', firstMinute = '0'] = process.argv.slice(2)
let clock = 0
const store = await createEmbeddedSeriesStore({ directory, now: () => clock })
const { keys } = createCity(Number(firstMinute))
const keyOf = (series: number): SeriesKey => keys[series] ?? { subjectId: '', metric: '', labels: {}, agentId: '' }

function entriesOf({ series, ats, values, length }: Batch): SeriesEntry[] {
  const entries: SeriesEntry[] = new Array(length)
  for (let index = 0; index < length; index++) {
    const at = ats[index] ?? 0
    clock = Math.max(clock, at)
    entries[index] = { key: keyOf(series[index] ?? 0), samples: [[at, values[index] ?? 0]] }
  }
  return entries
}

/** False: it has come once. A caller asks for the store's own key when a series comes again: thousands at once are a pause. */
const ownKeys: (SeriesKey | false)[] = []
function ownKeyOf(series: number): SeriesKey {
  const known = ownKeys[series]
  if (known) return known
  const key = keyOf(series)
  ownKeys[series] = known === undefined ? false : store.ownKey(key)
  return ownKeys[series] || key
}

function columnsOf({ series, ats, values, length }: Batch): SeriesColumns {
  const own: SeriesKey[] = new Array(length)
  for (let index = 0; index < length; index++) {
    clock = Math.max(clock, ats[index] ?? 0)
    own[index] = ownKeyOf(series[index] ?? 0)
  }
  return { keys: own, ats: ats.slice(0, length), values: values.slice(0, length) }
}

/** The longest time that this thread had no turn, from now until it is asked. */
function watchStalls(): () => number {
  let stallMs = 0
  let last = performance.now()
  const timer = setInterval(() => {
    stallMs = Math.max(stallMs, performance.now() - last)
    last = performance.now()
  }, 1)
  return () => {
    clearInterval(timer)
    return stallMs
  }
}

/** No async function, which would hold on to the entries as long as the store works on them. */
function appendNext(file: ReturnType<typeof openBatchFile>, as: 'columns' | 'entries'): Promise<boolean> {
  const batch = file.next()
  if (batch === null) return Promise.resolve(false)
  const appended = as === 'columns' ? store.appendColumns(columnsOf(batch)) : store.append(entriesOf(batch))
  return appended.then(({ tooLate, tooEarly }) => {
    if (tooLate + tooEarly > 0) throw new Error(`${tooLate} too late, ${tooEarly} too early`)
    return true
  })
}

async function pour({ path, samples, size, together, as }: StoreRequest & { kind: 'pour' }): Promise<Poured> {
  const file = openBatchFile(path, size, samples)
  const stop = watchStalls()
  const beganMs = performance.now()
  // A caller has other things to do, too: no two of its batches are handed over in one turn of the event loop.
  let turns = Promise.resolve()
  const ownTurn = () => {
    turns = turns.then(() => turn())
    return turns
  }
  const one = async () => {
    do await ownTurn()
    while (await appendNext(file, as))
  }
  await Promise.all(Array.from({ length: together }, one))
  const ms = performance.now() - beganMs
  file.close()
  return { written: samples, ms, stallMs: stop() }
}

async function settle(at: number): Promise<null> {
  // Two hours on, so that the last window is packed too.
  clock = at + 3 * 3_600_000
  await store.append([{ key: keyOf(0), samples: [[at + 1, 1]] }])
  // Until no thread of this process has anything left to do.
  for (let busyMs = Number.POSITIVE_INFINITY; busyMs > 300; ) {
    const before = process.cpuUsage()
    await sleep(1500)
    const { user, system } = process.cpuUsage(before)
    busyMs = (user + system) / 1000
  }
  const health = await store.check()
  if (!health.ok) throw new Error(JSON.stringify(health.problems))
  return null
}

async function answer(question: Question): Promise<number> {
  if (question.kind === 'latest') return (await store.latest()).length
  const { from, to } = question
  if (question.kind === 'percentiles') {
    const window = { metric: 'if_octets_total', labels: { direction: 'in' }, from, to, stepMs: 300_000 }
    const subjectId = question.series.map(one => keyOf(one).subjectId)
    return (await store.percentile({ ...window, subjectId, percentile: 95, of: { as: 'rate' } })).length
  }
  const { subjectId, metric, labels } = keyOf(question.series)
  const selection = { subjectId, metric, labels, from, to }
  if (question.kind === 'raw') return (await store.raw(selection))[0]?.samples.length ?? 0
  const [found] = await store.range({ ...selection, stepMs: question.stepMs, aggregate: 'avg' })
  return found?.points.length ?? 0
}

async function serve(request: StoreRequest): Promise<unknown> {
  // What the request itself cost is nobody's stall.
  await turn()
  switch (request.kind) {
    case 'pour':
      return pour(request)
    case 'settle':
      return settle(request.at)
    case 'ask':
      return medianOf(request.times, () => answer(request.question))
    case 'tell':
      return { memoryBytes: (await store.size()).memoryBytes }
    case 'close':
      await store.close()
      process.disconnect()
      return null
  }
}

process.on('message', (request: StoreRequest) => {
  void serve(request).then(
    value => process.connected && process.send?.({ value }),
    error => process.send?.({ failure: String(error) }),
  )
})
process.send?.({ value: 'opened' })
