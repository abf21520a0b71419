// The thread that packer-thread.ts starts: makes the sheets of its jobs, one for each time that it is asked.
import { type MessagePort, workerData } from 'node:worker_threads'
import { StorageError } from '../../durable/storage-error.ts'
import { type MadeSheet, makeSheets } from './make-sheets.ts'
import type { PackerAnswer, PackerRequest } from './packer-calls.ts'

const { port, counter } = workerData as { port: MessagePort; counter: Int32Array }
const tasks = new Map<number, Generator<MadeSheet>>()

function post(answer: PackerAnswer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(answer, transfer)
  // Whoever waits for an answer without turns of an event loop hears of it so.
  Atomics.add(counter, 0, 1)
  Atomics.notify(counter, 0)
}

const damage = { note: (place: string, what: string) => post({ kind: 'damage', place, what }) }

function answerNext(task: number): void {
  const sheets = tasks.get(task)
  if (sheets === undefined) return
  try {
    const { done, value } = sheets.next()
    if (done === true) {
      tasks.delete(task)
      post({ kind: 'end', task })
      return
    }
    // A copy: the writer uses its memory again.
    const bytes = value.sheet.bytes.slice()
    post({ kind: 'sheet', task, made: { into: value.into, sheet: { ...value.sheet, bytes } } }, [bytes.buffer])
  } catch (error) {
    tasks.delete(task)
    const { code, message } =
      error instanceof StorageError ? error : { code: 'storage-failed' as const, message: String(error) }
    post({ kind: 'failure', task, failure: { code, message } })
  }
}

port.on('message', (request: PackerRequest) => {
  if (request.kind === 'start') tasks.set(request.task, makeSheets(request.job, damage))
  else if (request.kind === 'next') answerNext(request.task)
  else {
    tasks.get(request.task)?.return(undefined)
    tasks.delete(request.task)
  }
})
