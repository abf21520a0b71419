import { sharedCauses, traitsOf } from '../inventory/topology.ts'
import type { StateBoard } from './state-board.ts'

/** What all that fail together with this one have in common: its site, its provider, its power. Empty where it does not fail. */
export function sharedWith(board: StateBoard, subjectId: string, at: number) {
  if (!board.roots(at).includes(subjectId)) return []
  return sharedNow(board, at).filter(({ subjectIds }) => subjectIds.includes(subjectId))
}

/** All that the roots of the present trouble have in common. */
export function sharedNow(board: StateBoard, at: number) {
  const roots = board.roots(at)
  if (roots.length < 2) return []
  const watched = board.subjects().filter(({ watchedAs }) => watchedAs !== null)
  const machines = new Map(watched.map(({ id, machineId }) => [id, machineId]))
  return sharedCauses(
    roots,
    watched.map(subject => ({ id: subject.id, traits: traitsOf(subject) })),
  ).filter(({ subjectIds }) => new Set(subjectIds.map(id => machines.get(id))).size > 1)
}
