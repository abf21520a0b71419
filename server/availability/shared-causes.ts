import { type SharedTrait, sharedCauses } from '../inventory/topology.ts'
import type { StateBoard } from './state-board.ts'

/** What all that fail together with this one have in common: its site, its provider. Empty where it does not fail. */
export function sharedWith(board: StateBoard, subjectId: string, at: number) {
  if (!board.roots(at).includes(subjectId)) return []
  return sharedNow(board, at).filter(({ subjectIds }) => subjectIds.includes(subjectId))
}

/** All that the roots of the present trouble have in common. */
export function sharedNow(board: StateBoard, at: number) {
  const roots = board.roots(at)
  if (roots.length < 2) return []
  const watched = board.subjects().filter(({ watchedAs }) => watchedAs !== null)
  return sharedCauses(
    roots,
    watched.map(({ id, siteId, providerId }) => ({
      id,
      traits: [
        ...(siteId === null ? [] : [{ what: 'site', id: siteId } satisfies SharedTrait]),
        ...(providerId === null ? [] : [{ what: 'provider', id: providerId } satisfies SharedTrait]),
      ],
    })),
  )
}
