// The newest sample of each series, by id: the wall's first query reads no block, and a sample later than it is new for sure.

export type LastTable = {
  /** -1 where the series has no sample. */
  at(id: number): number
  value(id: number): number
  /** Takes it when it is newer. */
  note(id: number, at: number, value: number): void
  /** Greatest id, plus one. */
  length(): number
  memoryBytes(): number
}

export function createLastTable(): LastTable {
  let ats = new Float64Array(1024).fill(-1)
  let values = new Float64Array(1024)
  let length = 0
  return {
    at: id => (id < length ? (ats[id] ?? -1) : -1),
    value: id => values[id] ?? 0,
    note(id, at, value) {
      if (id >= length) {
        if (id >= ats.length) {
          const capacity = Math.max(id + 1, ats.length * 2)
          const widerAts = new Float64Array(capacity).fill(-1)
          widerAts.set(ats)
          ats = widerAts
          const widerValues = new Float64Array(capacity)
          widerValues.set(values)
          values = widerValues
        }
        length = id + 1
      }
      if (at > (ats[id] ?? -1)) {
        ats[id] = at
        values[id] = value
      }
    },
    length: () => length,
    memoryBytes: () => ats.byteLength + values.byteLength,
  }
}
