// Columns of batches that wait for their consumers: pieces of a large one, because thousands of small ones a second, each
// memory of its own, keep the garbage collector busy. A slab is let go of when all batches that have a piece of it are.

/** A column of so many zeros that nobody else has. */
export type TakeColumn = (length: number) => Float64Array

/** 256 KiB: what some hundred batches have together. */
const SLAB_NUMBERS = 32 * 1024

export const ownColumn: TakeColumn = length => new Float64Array(length)

export function createNumberSlab(): TakeColumn {
  let slab = ownColumn(SLAB_NUMBERS)
  let taken = 0
  return length => {
    if (length > SLAB_NUMBERS / 8) return ownColumn(length)
    if (taken + length > SLAB_NUMBERS) {
      slab = ownColumn(SLAB_NUMBERS)
      taken = 0
    }
    taken += length
    return slab.subarray(taken - length, taken)
  }
}
