// A thread that makes sheets beside the engine's: packing and rolling up cost as much as taking samples in, and need nothing of
// the engine but what a job says. It writes nothing; so what a crash may leave behind is what the engine's thread has written.
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { StorageError } from '../../durable/storage-error.ts'
import type { DamageList } from './damage.ts'
import type { MadeSheet } from './make-sheets.ts'
import type { Packer, SheetTask } from './packer.ts'
import type { PackerAnswer, PackerRequest } from './packer-calls.ts'
import type { SheetJob } from './sheet-jobs.ts'

/** Sheets that are made before they are asked for. */
const AHEAD = 2
/** A thread that says nothing for so long is dead. */
const PATIENCE_MS = 60_000
/** It makes little that lives longer than a sheet. */
const YOUNG_MIB = 3

/** What a job says in columns is handed over: nobody here asks for it again. */
function columnsOf(job: SheetJob): ArrayBuffer[] {
  if (job.kind === 'parts') return []
  const columns = job.kind === 'window' ? [job.samples.ids, job.samples.newest, job.samples.counts] : [job.ids]
  return columns.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []))
}

type Waiting = { answers: (MadeSheet | 'end' | StorageError)[] }
type Running = {
  post: (request: PackerRequest, transfer?: ArrayBuffer[]) => void
  receive: () => boolean
  wait: () => void
  end: () => Promise<void>
}

export function startPackerThread(deps: {
  damage: DamageList
  /** Something has come that a task can tell. */
  onArrived: () => void
}): Packer & { close(): Promise<void> } {
  const tasks = new Map<number, Waiting>()
  let running: Running | null = null
  let lastTask = 0

  function take(answer: PackerAnswer): void {
    if (answer.kind === 'damage') {
      deps.damage.note(answer.place, answer.what)
      return
    }
    const answers = tasks.get(answer.task)?.answers
    if (answer.kind === 'sheet') answers?.push(answer.made)
    else if (answer.kind === 'end') answers?.push('end')
    else answers?.push(new StorageError(answer.failure.code, answer.failure.message))
  }

  function launch(): Running {
    const { port1: port, port2 } = new MessageChannel()
    const counter = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('./packer-worker.ts', import.meta.url), {
      ...{ name: 'series-packer', workerData: { port: port2, counter }, transferList: [port2] },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    })
    worker.unref()
    port.on('message', (answer: PackerAnswer) => {
      take(answer)
      deps.onArrived()
    })
    port.unref()
    const made: Running = {
      post: (request, transfer = []) => port.postMessage(request, transfer),
      receive() {
        const found = receiveMessageOnPort(port)
        if (found !== undefined) take(found.message as PackerAnswer)
        return found !== undefined
      },
      wait() {
        const seen = Atomics.load(counter, 0)
        if (made.receive()) return
        if (Atomics.wait(counter, 0, seen, PATIENCE_MS) === 'timed-out') lose('says nothing')
      },
      async end() {
        await worker.terminate()
      },
    }
    const lose = (reason: string) => {
      if (running === made) running = null
      const lost = new StorageError('worker-stopped', `the thread that packs blocks ${reason}`)
      for (const { answers } of tasks.values()) answers.push(lost)
      deps.onArrived()
    }
    worker.on('error', error => lose(`failed: ${error instanceof Error ? error.message : String(error)}`))
    worker.on('exit', () => running === made && lose('ended'))
    return made
  }

  return {
    start(job): SheetTask {
      running ??= launch()
      const { post, wait } = running
      const task = ++lastTask
      const waiting: Waiting = { answers: [] }
      tasks.set(task, waiting)
      post({ kind: 'start', task, job }, columnsOf(job))
      for (let ahead = 0; ahead < AHEAD; ahead++) post({ kind: 'next', task, spare: null })
      /** Of the sheet that was told last. */
      let memory: ArrayBuffer | null = null
      return {
        next(hurry) {
          while (hurry && waiting.answers.length === 0) wait()
          const [answer] = waiting.answers
          if (answer === undefined) return 'later'
          if (answer instanceof StorageError) throw answer
          if (answer === 'end') return answer
          waiting.answers.shift()
          post({ kind: 'next', task, spare: memory }, memory === null ? [] : [memory])
          const { buffer } = answer.sheet.bytes
          memory = buffer instanceof ArrayBuffer ? buffer : null
          return answer
        },
        isReady: () => waiting.answers.length > 0,
        drop() {
          tasks.delete(task)
          post({ kind: 'drop', task })
        },
      }
    },
    async close() {
      const ending = running
      running = null
      await ending?.end()
    },
  }
}
