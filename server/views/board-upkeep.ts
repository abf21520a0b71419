import type { StateBoard } from '../availability/state-board.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'

/** Changes are gathered this long: a hundred devices that are added at once are one reading. */
const GATHER_MS = 1_000

/** Lets the board read again what people changed in the inventory. Answers what ends that. */
export function keepBoard(deps: { board: StateBoard; changes: ChangeFeed; log: Logger }): () => void {
  let timer: NodeJS.Timeout | undefined
  const stop = deps.changes.onAppend(({ kind }) => {
    if (kind !== 'server' && kind !== 'topology') return
    timer ??= setTimeout(() => {
      timer = undefined
      deps.board.refresh().catch(error => deps.log.error({ err: error }, 'Devices and links could not be read again'))
    }, GATHER_MS)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}
