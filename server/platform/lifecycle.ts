import type { Logger } from 'pino'

export type Lifecycle = {
  /** Remember how to close what was just opened; after `close` has ended it is closed at once. */
  onClose(name: string, close: () => void | Promise<void>): void
  /** Close everything, last opened first, each with its own deadline; a close that fails does not stop the others. */
  close(): Promise<void>
}

const CLOSE_DEADLINE_MS = 10_000

export function createLifecycle(deps: { log: Logger }): Lifecycle {
  const stack: { name: string; close: () => void | Promise<void> }[] = []
  let closing: Promise<void> | undefined
  let closed = false

  async function closeAll(): Promise<void> {
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      const { name, close } = entry
      let timer: NodeJS.Timeout | undefined
      try {
        const deadline = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error(`took longer than ${CLOSE_DEADLINE_MS} ms`)), CLOSE_DEADLINE_MS)
        })
        await Promise.race([Promise.resolve().then(close), deadline])
      } catch (error) {
        deps.log.error({ part: name, err: error }, 'Part did not close cleanly')
      } finally {
        clearTimeout(timer)
      }
    }
  }

  return {
    onClose: (name, close) => {
      stack.push({ name, close })
      if (closed) void closeAll()
    },
    close: () => {
      closing ??= closeAll().finally(() => {
        closed = true
      })
      return closing
    },
  }
}
