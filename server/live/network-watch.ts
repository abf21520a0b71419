import type { StateBoard } from '../availability/state-board.ts'

/** Tells whether any device or link stands differently than when it was asked last. */
export function createNetworkWatch(deps: { board: Pick<StateBoard, 'subjects' | 'standing'> }) {
  let seen = ''
  return {
    hasTurned(at: number): boolean {
      const before = seen
      seen = deps.board
        .subjects()
        .map(({ id }) => {
          const standing = deps.board.standing(id, at)
          return standing === null ? '' : `${id} ${standing.state} ${standing.inMaintenance}`
        })
        .join()
      return seen !== before
    },
  }
}
