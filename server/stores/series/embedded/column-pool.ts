// Memory that two threads share for appends on their way: used again and again, because columns that are handed over for good
// pile up by the hundred megabytes before either thread's garbage collector sees a reason to look.

export type Columns = { ids: Uint32Array; ats: Float64Array; values: Float64Array }

export type ColumnPool = {
  /** `samples` a column. */
  take(samples: number): Columns
  /** When nobody reads them any more. */
  giveBack(columns: Columns): void
}

const BYTES_A_SAMPLE = 20
const LEAST_BYTES = 4096
/** More than this waits for nobody. */
const MOST_POOLED_BYTES = 8 * 1024 * 1024

export function createColumnPool(): ColumnPool {
  /** By size, a power of two. */
  const pooled = new Map<number, SharedArrayBuffer[]>()
  let pooledBytes = 0

  function buffer(needed: number): SharedArrayBuffer {
    const size = Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(needed)))
    const found = pooled.get(size)?.pop()
    if (found === undefined) return new SharedArrayBuffer(size)
    pooledBytes -= size
    return found
  }

  return {
    take(samples) {
      const shared = buffer(samples * BYTES_A_SAMPLE)
      return {
        ats: new Float64Array(shared, 0, samples),
        values: new Float64Array(shared, samples * 8, samples),
        ids: new Uint32Array(shared, samples * 16, samples),
      }
    },
    giveBack({ ids }) {
      const shared = ids.buffer
      const size = shared.byteLength
      if (!(shared instanceof SharedArrayBuffer) || pooledBytes + size > MOST_POOLED_BYTES) return
      pooledBytes += size
      const same = pooled.get(size)
      if (same === undefined) pooled.set(size, [shared])
      else same.push(shared)
    },
  }
}
