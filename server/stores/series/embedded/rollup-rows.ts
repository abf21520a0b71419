// From samples to the rows of the finest tier, and from the rows of one tier to those of the next. Pure.
import type { SampleColumns } from './codec/sample-block.ts'
import { reserveRows, type TierRows } from './codec/tier-block.ts'

function startRow(rows: TierRows, slot: number): number {
  reserveRows(rows, 1)
  const row = rows.length++
  rows.slots[row] = slot
  rows.count[row] = 0
  rows.sum[row] = 0
  rows.min[row] = Number.POSITIVE_INFINITY
  rows.max[row] = Number.NEGATIVE_INFINITY
  return row
}

/** `columns` oldest first. Fills `rows` anew. */
export function rollUpSamples({ times, values, length }: SampleColumns, slotMs: number, rows: TierRows): void {
  rows.length = 0
  let row = -1
  let slot = Number.NaN
  for (let index = 0; index < length; index++) {
    const at = Math.floor((times[index] ?? 0) / slotMs)
    if (at !== slot) {
      slot = at
      row = startRow(rows, slot)
    }
    const value = values[index] ?? 0
    rows.count[row] = (rows.count[row] ?? 0) + 1
    rows.sum[row] = (rows.sum[row] ?? 0) + value
    if (value < (rows.min[row] ?? 0)) rows.min[row] = value
    if (value > (rows.max[row] ?? 0)) rows.max[row] = value
    rows.last[row] = value
  }
}

/** Appends to `coarse` what `fine` says, `ratio` of its slots to one; spans come in ascending order. */
export function rollUpRows(fine: TierRows, ratio: number, coarse: TierRows): void {
  let row = coarse.length - 1
  let slot = row < 0 ? Number.NaN : (coarse.slots[row] ?? 0)
  for (let index = 0; index < fine.length; index++) {
    const at = Math.floor((fine.slots[index] ?? 0) / ratio)
    if (at !== slot) {
      slot = at
      row = startRow(coarse, slot)
    }
    coarse.count[row] = (coarse.count[row] ?? 0) + (fine.count[index] ?? 0)
    coarse.sum[row] = (coarse.sum[row] ?? 0) + (fine.sum[index] ?? 0)
    coarse.min[row] = Math.min(coarse.min[row] ?? 0, fine.min[index] ?? 0)
    coarse.max[row] = Math.max(coarse.max[row] ?? 0, fine.max[index] ?? 0)
    coarse.last[row] = fine.last[index] ?? 0
  }
}
