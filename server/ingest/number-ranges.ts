// A set of whole numbers as ranges: which batches of a spool were taken. It stays small as long as few are missing. Pure.

/** [first, last], both within. Sorted, apart from each other by at least one missing number. */
export type NumberRange = readonly [first: number, last: number]
export type NumberRanges = readonly NumberRange[]

/** Index of the last range that begins at `number` or before; -1 when none does. */
function rangeAtOrBefore(ranges: NumberRanges, number: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle]
    if (range !== undefined && range[0] <= number) low = middle + 1
    else high = middle
  }
  return low - 1
}

export function hasNumber(ranges: NumberRanges, number: number): boolean {
  const range = ranges[rangeAtOrBefore(ranges, number)]
  return range !== undefined && number <= range[1]
}

export type NumberAdded = {
  ranges: NumberRanges
  /** The one range that is new or longer. */
  put: NumberRange
  /** First numbers of ranges that are no more: they went into `put`. */
  removed: number[]
}

/** null when the number is in the set already. */
export function addNumber(ranges: NumberRanges, number: number): NumberAdded | null {
  const index = rangeAtOrBefore(ranges, number)
  const before = ranges[index]
  const after = ranges[index + 1]
  if (before !== undefined && number <= before[1]) return null
  const joinsBefore = before !== undefined && before[1] === number - 1
  const joinsAfter = after !== undefined && after[0] === number + 1
  const put: NumberRange = [joinsBefore ? before[0] : number, joinsAfter ? after[1] : number]
  return {
    ranges: [...ranges.slice(0, joinsBefore ? index : index + 1), put, ...ranges.slice(index + (joinsAfter ? 2 : 1))],
    put,
    removed: joinsAfter ? [after[0]] : [],
  }
}

/** All numbers of both. */
export function mergeRanges(one: NumberRanges, other: NumberRanges): NumberRanges {
  const merged: [number, number][] = []
  for (const [first, last] of [...one, ...other].sort(([a], [b]) => a - b)) {
    const previous = merged.at(-1)
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else merged.push([first, last])
  }
  return merged
}
