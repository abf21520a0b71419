import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { SnmpTarget } from '../../../protocol/snmp.ts'
import type { TaskResult } from '../../../protocol/tasks.ts'
import { type Log, reasonOf } from '../../platform/logger.ts'
import { programPath } from '../../platform/program-path.ts'
import { compileAgain } from '../../platform/stay-small.ts'
import type { PackedPart, Reading, Source } from '../source.ts'
import type { FromWorker, SnmpOrder, ToWorker } from './worker-messages.ts'

export type SnmpSource = Source & {
  setTargets(targets: readonly SnmpTarget[]): void
  /** Does one of the tasks of SNMP; `tell` hears of a sweep how far it is. */
  run(order: SnmpOrder, signal: AbortSignal, tell: (result: TaskResult) => Promise<void>): Promise<TaskResult>
  stop(): void
}

type Waiting = {
  resolve: (value: Reading | TaskResult) => void
  reject: (error: Error) => void
  tell?: (result: TaskResult) => Promise<void>
}

const PROGRAM = programPath(new URL('./snmp-worker.ts', import.meta.url))
/** What the thread needs by itself, and what each device adds: measured with 1,000 routers of 24 interfaces. */
const OWN_HEAP_MB = 32
const HEAP_A_DEVICE_MB = 0.08
const YOUNG_HEAP_MB = 4
/** Room for twice as many each time it was too little: a thread that starts anew looks through all of its devices again. */
const FEWEST_DEVICES = 64
const heapFor = (devices: number): number => {
  const room = 2 ** Math.ceil(Math.log2(Math.max(devices, FEWEST_DEVICES)))
  return Math.ceil(OWN_HEAP_MB + room * HEAP_A_DEVICE_MB)
}
const LAST_WORD = 0
const LAST_WORD_WITHIN_MS = 2_000
const START_AGAIN_AFTER_MS = 10_000
const NOTHING: Reading = { gauges: [] }

/**
 * The devices that the collector assigned, in a thread of their own. Polling has a rhythm of its own for each of them; a
 * tick takes along what came since, as bodies of batches: no figure of a device comes into our own small heap. Nothing of
 * SNMP is loaded before there is a target or a task.
 */
export function createSnmpSource(deps: { log: Log }): SnmpSource {
  const { log } = deps
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let heapMb = 0
  let targets: readonly SnmpTarget[] = []
  let lastId = 0
  let hasNews = false
  const leftOver: PackedPart[] = []
  let again: NodeJS.Timeout | undefined
  let isStopped = false

  const keep = (packed: readonly PackedPart[]): void => {
    leftOver.push(...packed)
    hasNews ||= packed.length > 0
  }
  const say = (message: ToWorker): void => worker?.postMessage(message)
  const hear = (message: FromWorker): void => {
    if (message.kind === 'log') {
      log[message.level](message.fields, message.message)
      return
    }
    if (message.kind === 'changed') {
      hasNews = true
      return
    }
    const asked = waiting.get(message.id)
    if (message.kind === 'progress') {
      void asked?.tell?.(message.result).catch(() => {})
      return
    }
    waiting.delete(message.id)
    if (message.kind === 'failed') asked?.reject(new Error(message.reason))
    else asked?.resolve(message.kind === 'taken' ? { gauges: [], packed: message.packed } : message.result)
  }
  const lose = (reason: string): void => {
    for (const asked of waiting.values()) asked.reject(new Error(reason))
    waiting.clear()
    hasNews = false
  }
  const start = (): Worker => {
    heapMb = heapFor(targets.length)
    // The agent's own small limits are flags of the process, which go before the limits of a thread. They are read when a
    // heap is made: our own stays as it is.
    setFlagsFromString(`--max-old-space-size=${heapMb}`)
    setFlagsFromString(`--max-semi-space-size=${YOUNG_HEAP_MB}`)
    compileAgain()
    const started = new Worker(PROGRAM, { name: 'snmp', resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    started.on('message', hear)
    started.on('error', error => {
      if (worker !== started) return
      worker = undefined
      lose('the thread of SNMP ended')
      log.error({ reason: reasonOf(error), heapMb }, 'SNMP ended and is started again')
      again = setTimeout(() => targets.length > 0 && !isStopped && startAnew(), START_AGAIN_AFTER_MS)
      again.unref()
    })
    started.unref()
    return started
  }
  const startAnew = (): void => {
    clearTimeout(again)
    const former = worker
    worker = start()
    say({ kind: 'targets', targets })
    if (former === undefined) return
    lose('the thread of SNMP was started anew')
    hearLast(former)
  }
  /** What it had found and nobody had taken yet goes along with the next reading. */
  const hearLast = (former: Worker): void => {
    const timer = setTimeout(() => void former.terminate(), LAST_WORD_WITHIN_MS)
    former.removeAllListeners('message')
    former.on('message', (message: FromWorker) => {
      if (message.kind !== 'taken') return
      keep(message.packed)
      if (message.id !== LAST_WORD) return
      clearTimeout(timer)
      void former.terminate()
    })
    former.postMessage({ kind: 'take', id: LAST_WORD } satisfies ToWorker)
  }
  const ask = <T extends Reading | TaskResult>(
    make: (id: number) => ToWorker,
    tell?: (result: TaskResult) => Promise<void>,
  ): { id: number; answer: Promise<T> } => {
    lastId += 1
    const id = lastId
    const answer = new Promise<Reading | TaskResult>((resolve, reject) => {
      waiting.set(id, tell === undefined ? { resolve, reject } : { resolve, reject, tell })
    })
    say(make(id))
    return { id, answer: answer as Promise<T> }
  }

  return {
    name: 'snmp',
    isIdle: () => worker === undefined || (targets.length === 0 && !hasNews),
    hasChanged: () => hasNews,
    async read(signal) {
      hasNews = false
      if (worker === undefined) return NOTHING
      const { packed = [] } = await ask<Reading>(id => ({ kind: 'take', id })).answer
      if (!signal.aborted) return { gauges: [], packed: [...leftOver.splice(0), ...packed] }
      // Nobody waits for it any more: it goes with the next reading.
      keep(packed)
      return NOTHING
    },
    setTargets(list) {
      targets = list
      if (list.length > 0 && (worker === undefined || heapFor(list.length) > heapMb)) startAnew()
      else say({ kind: 'targets', targets })
    },
    async run(order, signal, tell) {
      if (worker === undefined) startAnew()
      const { id, answer } = ask<TaskResult>(one => ({ kind: 'task', id: one, order }), tell)
      const abort = (): void => say({ kind: 'abort', id })
      signal.addEventListener('abort', abort, { once: true })
      return answer.finally(() => signal.removeEventListener('abort', abort))
    },
    stop() {
      isStopped = true
      clearTimeout(again)
      lose('the agent ends')
      void worker?.terminate()
      worker = undefined
    },
  }
}
