// What was found broken in the files, in the words of `check`: named once each, so that a loop over it stays readable.
import type { StorageErrorCode } from '../../durable/storage-error.ts'

export type Damage = { code: StorageErrorCode; message: string }

const MOST_NAMED = 100

export type DamageList = {
  /** `place` is named once, however often it is met. */
  note(place: string, what: string): void
  list(): Damage[]
}

export function createDamageList(): DamageList {
  const byPlace = new Map<string, string>()
  let unnamed = 0
  return {
    note(place, what) {
      if (byPlace.has(place)) return
      if (byPlace.size < MOST_NAMED) byPlace.set(place, what)
      else unnamed++
    },
    list() {
      const named = [...byPlace].map(([place, what]): Damage => ({ code: 'damaged', message: `${place}: ${what}` }))
      return unnamed === 0 ? named : [...named, { code: 'damaged', message: `and ${unnamed} more places` }]
    },
  }
}

export const REPAIRED = 'one bit had flipped and was put right; look after this disk'
