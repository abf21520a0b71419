/** Runs asynchronous steps one after another, in the order asked; a failing step fails its caller only. */
export type Turns = <T>(step: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return step => {
    const turn = last.then(step, step)
    last = turn.catch(() => {})
    return turn
  }
}
