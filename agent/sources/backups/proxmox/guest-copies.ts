// A data set may stand on several guests. Then it is backed up as far back as the one whose newest copy is the oldest: one
// guest that is copied every night hides none that is not.
import type { SeenCopy } from '../../../../protocol/backups.ts'
import type { Look } from '../backup-tool.ts'

export type GuestCopy = SeenCopy & {
  /** When the server read it whole and found it sound. */
  verifiedAt: number | null
}

/** Copies of each guest by its name; `runs` are attempts that brought nothing, told as copies with their trouble. */
export function lookAtGuests(guests: ReadonlyMap<string, readonly GuestCopy[]>, runs: readonly SeenCopy[]): Look {
  const missing = [...guests].filter(([, copies]) => copies.length === 0).map(([guest]) => guest)
  if (missing.length > 0 || guests.size === 0)
    return { trouble: 'nothing-there', detail: missing.length > 0 ? `no copy of ${missing.join(', ')}` : 'no guest' }
  const lists = [...guests.values()].map(copies => [...copies].sort(newestFirst))
  const [only] = lists
  const sets = lists.length === 1 && only !== undefined ? only : setsOf(lists)
  const bad = lists.length === 1 ? [] : lists.flat().filter(({ trouble }) => trouble !== null)
  const copies: SeenCopy[] = [...sets, ...bad].map(({ verifiedAt: _, ...copy }) => copy)
  const verified = sets.flatMap(({ verifiedAt }) => verifiedAt ?? [])
  return {
    trouble: null,
    copies: [...copies, ...runs].sort(newestFirst),
    copyCount: sets.length,
    oldestAt: sets.at(-1)?.takenAt ?? null,
    verifiedAt: verified.length === 0 ? null : Math.max(...verified),
  }
}

/** The n-th has the n-th newest good copy of each: as old as the oldest of them, as long as all together. */
function setsOf(lists: readonly (readonly GuestCopy[])[]): GuestCopy[] {
  const good = lists.map(copies => copies.filter(({ trouble }) => trouble === null))
  const most = Math.min(...good.map(copies => copies.length))
  return Array.from({ length: most }, (_, n) => setOf(good.flatMap(copies => copies[n] ?? [])))
}

function setOf(members: readonly GuestCopy[]): GuestCopy {
  const oldest = members.reduce((one, other) => (other.takenAt < one.takenAt ? other : one))
  const sum = (values: readonly (number | null)[]): number | null =>
    values.reduce((total, value) => (total === null || value === null ? null : total + value), 0)
  const verified = members.map(({ verifiedAt }) => verifiedAt)
  return {
    ...oldest,
    bytes: sum(members.map(({ bytes }) => bytes)),
    tookMs: sum(members.map(({ tookMs }) => tookMs)),
    verifiedAt: verified.every(at => at !== null) ? Math.min(...verified) : null,
  }
}

const newestFirst = (a: SeenCopy, b: SeenCopy): number => b.takenAt - a.takenAt
