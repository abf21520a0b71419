// The worker thread's end: opens the store, then answers the calls of worker-link.ts.
import type { MessagePort } from 'node:worker_threads'
import { StorageError } from './storage-error.ts'
import { type Failure, gathered, type WorkerCalls, type WorkerMessage, type WorkerRequest } from './worker-link.ts'

export type WorkerHandlers<Calls extends WorkerCalls> = {
  [Name in keyof Calls]: (request: Calls[Name]['request']) => Calls[Name]['response'] | Promise<Calls[Name]['response']>
} & { close: () => void }

function failureOf(error: unknown): Failure {
  if (error instanceof StorageError) return { code: error.code, message: error.message }
  return { code: 'storage-failed', message: error instanceof Error ? error.message : String(error) }
}

export function serveWorker<Calls extends WorkerCalls>(port: MessagePort, open: () => WorkerHandlers<Calls>): void {
  const post = gathered((messages: WorkerMessage[]) => port.postMessage(messages))
  let handlers: WorkerHandlers<Calls>
  try {
    handlers = open()
  } catch (error) {
    post({ kind: 'not-opened', failure: failureOf(error) })
    setImmediate(() => port.close())
    return
  }

  async function answer({ id, name, request }: WorkerRequest): Promise<void> {
    try {
      const handler = handlers[name] as (request: unknown) => unknown
      post({ kind: 'answer', id, value: await handler(request) })
    } catch (error) {
      post({ kind: 'refusal', id, failure: failureOf(error) })
    }
    if (name === 'close') setImmediate(() => port.close())
  }

  port.on('message', (requests: WorkerRequest[]) => {
    for (const request of requests) void answer(request)
  })
  post({ kind: 'opened' })
}
