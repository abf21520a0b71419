// Batches as columns in a file, made before anything is measured: who reads them does no work that could be taken for the
// store's, and needs the memory of one batch.
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import type { Batch } from './city.ts'

const BYTES_A_SAMPLE = 20

function columnsOf(bytes: ArrayBuffer, length: number): Batch {
  return {
    ats: new Float64Array(bytes, 0, length),
    values: new Float64Array(bytes, length * 8, length),
    series: new Uint32Array(bytes, length * 16, length),
    length,
  }
}

/** Writes what `fill` gives until it has nothing more or `most` were written; how many there are. */
export function writeBatchFile(path: string, fill: (size: number) => Batch, size: number, most: number): number {
  const file = openSync(path, 'w')
  let written = 0
  try {
    while (written < most) {
      const { series, ats, values, length } = fill(size)
      if (length === 0) break
      const bytes = new ArrayBuffer(length * BYTES_A_SAMPLE)
      const columns = columnsOf(bytes, length)
      columns.ats.set(ats.subarray(0, length))
      columns.values.set(values.subarray(0, length))
      columns.series.set(series.subarray(0, length))
      writeSync(file, new Uint8Array(bytes))
      written += length
    }
  } finally {
    closeSync(file)
  }
  return written
}

/** Reads `samples` back in batches of `size`, the same that were written. A batch is good until the next one; null at the end. */
export function openBatchFile(path: string, size: number, samples: number) {
  const file = openSync(path, 'r')
  const bytes = new ArrayBuffer(size * BYTES_A_SAMPLE)
  let left = samples
  return {
    next(): Batch | null {
      const length = Math.min(size, left)
      if (length === 0) return null
      left -= length
      readSync(file, new Uint8Array(bytes, 0, length * BYTES_A_SAMPLE))
      return columnsOf(bytes, length)
    },
    close: () => closeSync(file),
  }
}
