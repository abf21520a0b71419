// From a series' id to its slot in one window: open addressing in one typed array, as small as the window's series are few.

export type SlotTable = {
  /** The slot of `id`; a new one, the next number, where there was none. */
  slotFor(id: number): number
  /** -1 where there is none. */
  find(id: number): number
  /** Id of slot i. */
  ids(): Uint32Array
  count(): number
  memoryBytes(): number
}

export function createSlotTable(): SlotTable {
  let mask = 63
  let table = new Int32Array(64).fill(-1)
  let ids = new Uint32Array(32)
  let count = 0

  /** Neighbours stay neighbours, 64 at a time, because they mostly come one after the other; each such run has a place of its own. */
  const hash = (id: number) => ((Math.imul(id >>> 6, 0x9e3779b1) >>> 7) * 64 + (id & 63)) & mask

  function grow(): void {
    mask = mask * 2 + 1
    table = new Int32Array(mask + 1).fill(-1)
    const wider = new Uint32Array((mask + 1) / 2)
    wider.set(ids)
    ids = wider
    for (let slot = 0; slot < count; slot++) {
      let place = hash(ids[slot] ?? 0)
      while (table[place] !== -1) place = (place + 1) & mask
      table[place] = slot
    }
  }

  function find(id: number): number {
    for (let place = hash(id); ; place = (place + 1) & mask) {
      const slot = table[place] ?? -1
      if (slot === -1 || ids[slot] === id) return slot
    }
  }

  return {
    find,
    slotFor(id) {
      const known = find(id)
      if (known >= 0) return known
      if (count === ids.length) grow()
      let place = hash(id)
      while (table[place] !== -1) place = (place + 1) & mask
      table[place] = count
      ids[count] = id
      return count++
    },
    ids: () => ids.subarray(0, count),
    count: () => count,
    memoryBytes: () => table.byteLength + ids.byteLength,
  }
}
