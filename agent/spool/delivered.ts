/**
 * Which numbers are done with: all up to `through`, and the stretches beyond it that went out first while older ones
 * still wait. The stretches are sorted, apart from each other, and lie behind `through`.
 */
export type Delivered = { through: number; beyond: readonly (readonly [first: number, last: number])[] }

/** So many stretches fit into the ledger; each cut of the line while catching up makes one. */
export const MOST_STRETCHES = 8

export function isDelivered({ through, beyond }: Delivered, number: number): boolean {
  return number <= through || beyond.some(([first, last]) => first <= number && number <= last)
}

export function withDelivered(delivered: Delivered, number: number): Delivered {
  if (isDelivered(delivered, number)) return delivered
  const before = delivered.beyond.findLast(([, last]) => last < number)
  const after = delivered.beyond.find(([first]) => first > number)
  const joined: readonly [number, number] = [
    before !== undefined && before[1] === number - 1 ? before[0] : number,
    after !== undefined && after[0] === number + 1 ? after[1] : number,
  ]
  const apart = delivered.beyond.filter(([first, last]) => last < joined[0] || first > joined[1])
  return { through: delivered.through, beyond: [...apart, joined].sort(([a], [b]) => a - b) }
}

/** The same, knowing that nothing before `firstWaiting` waits any more. */
export function settled({ through, beyond }: Delivered, firstWaiting: number): Delivered {
  const upTo = Math.max(through, firstWaiting - 1)
  return { through: upTo, beyond: beyond.filter(([, last]) => last > upTo) }
}

/** What of it is worth remembering over a restart: the longest stretches. What is forgotten is delivered once more. */
export function shortened({ through, beyond }: Delivered): Delivered {
  if (beyond.length <= MOST_STRETCHES) return { through, beyond }
  const longest = [...beyond].sort(([a, b], [c, d]) => d - c - (b - a)).slice(0, MOST_STRETCHES)
  return { through, beyond: longest.sort(([a], [b]) => a - b) }
}
