// The main thread's end of a worker thread that owns a store: typed calls, and a new worker after one has died.
import type { Transferable, Worker } from 'node:worker_threads'
import { StorageError, type StorageErrorCode } from './storage-error.ts'

export type WorkerRequest = { id: number; name: string; request: unknown }

/** By name of the call. `close` is not among them: every worker knows it. */
export type WorkerCalls = Record<string, { request: unknown; response: unknown }>

export type Failure = { code: StorageErrorCode; message: string }
export type WorkerMessage =
  | { kind: 'opened' }
  | { kind: 'not-opened'; failure: Failure }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'refusal'; id: number; failure: Failure }

export type WorkerLink<Calls extends WorkerCalls> = {
  call<Name extends keyof Calls & string>(
    name: Name,
    request: Calls[Name]['request'],
    transfer?: Transferable[],
  ): Promise<Calls[Name]['response']>
  /** Lets the worker finish what it has, then ends it. Later calls reject with `closed`. */
  close(): Promise<void>
}

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void }
type Running = {
  post(request: WorkerRequest, transfer: Transferable[]): void
  pending: Map<number, Pending>
  opened: Promise<void>
  exited: Promise<void>
  hasExited: () => boolean
}

function ended(): StorageError {
  return new StorageError('worker-stopped', 'the worker of the store ended before it answered')
}

/** More do not wait for the end of the turn: where thousands come at once, the first of them are answered meanwhile. */
const MOST_A_MESSAGE = 128

/** What is posted within one turn of the event loop goes as one message: each wakes the other thread. */
export function gathered<T>(post: (items: T[], transfer: Transferable[]) => void) {
  let items: T[] = []
  let transfers: Transferable[] = []
  let soon: NodeJS.Immediate | undefined
  function send(): void {
    clearImmediate(soon)
    soon = undefined
    const [nowItems, nowTransfers] = [items, transfers]
    items = []
    transfers = []
    post(nowItems, nowTransfers)
  }
  return (item: T, transfer: readonly Transferable[] = []): void => {
    items.push(item)
    transfers.push(...transfer)
    if (items.length >= MOST_A_MESSAGE) send()
    else soon ??= setImmediate(send)
  }
}

function follow(worker: Worker): Running {
  const pending = new Map<number, Pending>()
  const opened = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<void>()
  let hasExited = false
  // Who needs the worker awaits `opened` itself; this keeps a failure that nobody waits for from ending the process.
  opened.promise.catch(() => {})

  const refuseAll = (error: StorageError) => {
    opened.reject(error)
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  const take = (message: WorkerMessage) => {
    if (message.kind === 'opened') return opened.resolve()
    if (message.kind === 'not-opened') {
      return opened.reject(new StorageError(message.failure.code, message.failure.message))
    }
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (message.kind === 'answer') waiting?.resolve(message.value)
    else waiting?.reject(new StorageError(message.failure.code, message.failure.message))
  }
  worker.on('message', (messages: WorkerMessage[]) => messages.forEach(take))
  worker.on('error', error => {
    const reason = error instanceof Error ? error.message : String(error)
    refuseAll(new StorageError('worker-stopped', `the worker of the store crashed: ${reason}`, { cause: error }))
  })
  worker.on('exit', () => {
    hasExited = true
    refuseAll(ended())
    exited.resolve()
  })
  const post = gathered((requests: WorkerRequest[], transfer) => {
    if (hasExited) return
    try {
      worker.postMessage(requests, transfer)
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error))
      for (const { id } of requests) {
        pending.get(id)?.reject(reason)
        pending.delete(id)
      }
    }
  })
  return { post, pending, opened: opened.promise, exited: exited.promise, hasExited: () => hasExited }
}

/** Starts the worker at once; rejects with its StorageError when it cannot open its files. */
export async function openWorkerLink<Calls extends WorkerCalls>(start: () => Worker): Promise<WorkerLink<Calls>> {
  let running: Promise<Running> | null = null
  let closing: Promise<void> | null = null
  let lastId = 0

  async function launch(): Promise<Running> {
    const next = follow(start())
    // Only after its exit has a worker let go of its files, so only then may another one open them.
    const gone = next.exited.then(() => {
      running = null
    })
    try {
      await next.opened
      return next
    } catch (error) {
      await gone
      throw error
    }
  }

  function current(): Promise<Running> {
    if (running === null) {
      const attempt = launch()
      running = attempt
      attempt.catch(() => {
        if (running === attempt) running = null
      })
    }
    return running
  }

  async function send(name: string, request: unknown, transfer: Transferable[]): Promise<unknown> {
    const { post, pending, hasExited } = await current()
    if (hasExited()) throw ended()
    const id = ++lastId
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      post({ id, name, request }, transfer)
    })
  }

  async function finish(): Promise<void> {
    if (running === null) return
    const last = await running
    await send('close', undefined, [])
    await last.exited
  }

  await current()
  return {
    async call(name, request, transfer = []) {
      if (closing !== null) throw new StorageError('closed', 'the store is closed')
      return (await send(name, request, transfer)) as Calls[typeof name]['response']
    },
    close() {
      closing ??= finish()
      return closing
    },
  }
}
