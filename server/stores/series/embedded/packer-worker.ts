// The thread that packer-thread.ts starts: makes the sheets of its jobs, one for each time that it is asked.
import { type MessagePort, workerData } from 'node:worker_threads'
import { StorageError } from '../../durable/storage-error.ts'
import { createSheetMaker, type MadeSheet } from './make-sheets.ts'
import type { PackerAnswer, PackerRequest } from './packer-calls.ts'

const { port, counter } = workerData as { port: MessagePort; counter: Int32Array }
const tasks = new Map<number, Generator<MadeSheet>>()
/** As many as are asked for ahead. */
const MOST_SPARES = 3
const LEAST_BYTES = 64 * 1024

function post(answer: PackerAnswer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(answer, transfer)
  // Whoever waits for an answer without turns of an event loop hears of it so.
  Atomics.add(counter, 0, 1)
  Atomics.notify(counter, 0)
}

const damage = { note: (place: string, what: string) => post({ kind: 'damage', place, what }) }

const makeSheets = createSheetMaker(damage)
/** Memory of sheets that were written: it goes there and back, for what is left behind waits long for a collector. */
const spares: ArrayBuffer[] = []

/** A copy, for the writer uses its memory again. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const found = spares.findIndex(({ byteLength }) => byteLength >= bytes.length)
  const [spare] = found < 0 ? [] : spares.splice(found, 1)
  const memory = spare ?? new ArrayBuffer(Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(bytes.length))))
  const copy = new Uint8Array(memory, 0, bytes.length)
  copy.set(bytes)
  return copy
}

function keep(spare: ArrayBuffer): void {
  spares.push(spare)
  // The smallest goes.
  if (spares.length > MOST_SPARES) spares.sort((a, b) => b.byteLength - a.byteLength).pop()
}

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
    const bytes = copyOf(value.sheet.bytes)
    post({ kind: 'sheet', task, made: { into: value.into, sheet: { ...value.sheet, bytes } } }, [bytes.buffer])
  } catch (error) {
    tasks.delete(task)
    const { code, message } =
      error instanceof StorageError ? error : { code: 'storage-failed' as const, message: String(error) }
    post({ kind: 'failure', task, failure: { code, message } })
  }
}

port.on('message', (request: PackerRequest) => {
  if (request.kind === 'start') tasks.set(request.task, makeSheets(request.job))
  else if (request.kind === 'next') {
    if (request.spare !== null) keep(request.spare)
    answerNext(request.task)
  } else {
    tasks.get(request.task)?.return(undefined)
    tasks.delete(request.task)
  }
})
