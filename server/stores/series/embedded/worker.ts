// The worker thread of the embedded series store: no query and no fsync ever holds up the main thread.
import { parentPort, workerData } from 'node:worker_threads'
import { serveWorker } from '../../durable/worker-serve.ts'
import { createAppendLine } from './append-line.ts'
import { openSeriesEngine } from './engine.ts'
import type { EngineCalls, EngineOptions } from './engine-calls.ts'
import { startPackerThread } from './packer-thread.ts'

export type SeriesWorkerData = EngineOptions & { groupMs: number }

/** How long the thread works for itself before it looks for calls again. */
const OWN_WORK_MS = 5
const LOOK_AROUND_MS = 1_000
/** While appends wait, what can wait gets a turn no more often: rollups, which take a core from them and catch up when it is quieter. */
const SPARE_EVERY_MS = 1_000

if (parentPort === null) throw new Error('this file runs as a worker thread only')

serveWorker<EngineCalls>(parentPort, () => {
  const { groupMs, ...options } = workerData as SeriesWorkerData
  let packer: ReturnType<typeof startPackerThread> | null = null
  const engine = openSeriesEngine(options, {
    makePacker({ damage }) {
      packer = startPackerThread({ damage, onArrived: () => workOn() })
      return packer
    },
    onReady: () => workOn(),
    isQuiet: () => !line.isBusy(),
  })
  // The collector's clock, as it was told last, run on by this thread's own.
  let told = { now: 0, at: performance.now() }
  const clock = () => (told.now === 0 ? 0 : told.now + performance.now() - told.at)
  let isWorking = false
  let spareFrom = 0
  let isClosed = false

  function workOn(): void {
    if (isWorking || isClosed) return
    isWorking = true
    setImmediate(function slice() {
      const beganAt = performance.now()
      const spare = !line.isBusy() || beganAt >= spareFrom
      let more = !isClosed
      while (more && performance.now() < beganAt + OWN_WORK_MS) more = engine.work(clock(), spare)
      if (spare) spareFrom = performance.now() + SPARE_EVERY_MS
      if (more) setImmediate(slice)
      else isWorking = false
    })
  }

  const line = createAppendLine({ engine, groupMs, onTaken: workOn })
  const lookAround = setInterval(workOn, LOOK_AROUND_MS)

  return {
    append(packed) {
      told = { now: Math.max(packed.now, told.now), at: performance.now() }
      const unnamed = engine.unnamed(packed)
      return unnamed.length === 0 ? line.add(packed) : { unnamed }
    },
    points: query => engine.points(query),
    percentiles: query => engine.percentiles(query),
    samples: query => engine.samples(query),
    latest: ids => engine.latest(ids),
    names: () => engine.names(),
    forgetBefore: at => {
      engine.forgetBefore(at)
      workOn()
      return null
    },
    retain: ({ now }) => {
      told = { now: Math.max(now, told.now), at: performance.now() }
      return engine.retain(now)
    },
    size: () => engine.size(),
    check: () => engine.check(),
    backup: directory => engine.backup(directory),
    verify: () => engine.verify(),
    close: async () => {
      isClosed = true
      clearInterval(lookAround)
      await line.drain()
      // Before anyone else may open the files.
      await packer?.close()
      engine.close()
    },
  }
})
