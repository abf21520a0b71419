import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

export type OperstateWatch = {
  /** These interfaces were read in these states. */
  saw(states: ReadonlyMap<string, string | undefined>): void
  /** Whether one of them is in another state now, or gone. */
  hasChanged(): boolean
}

/** Keeps the small files of /sys/class/net open: reading one again is a single system call. */
export function createOperstateWatch(sysRoot: string): OperstateWatch {
  const open = new Map<string, { fd: number; state: string | undefined }>()
  const buffer = Buffer.alloc(32)

  const forget = (device: string): void => {
    const known = open.get(device)
    open.delete(device)
    if (known !== undefined) closeSync(known.fd)
  }
  const readNow = (fd: number): string | undefined => {
    try {
      return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0)).trim()
    } catch {
      return undefined
    }
  }

  return {
    saw(states) {
      for (const device of [...open.keys()]) if (!states.has(device)) forget(device)
      for (const [device, state] of states) {
        const known = open.get(device)
        // A file of an interface that was removed stays mute, also when another of its name appears: open it anew.
        if (known !== undefined && readNow(known.fd) !== undefined) known.state = state
        else {
          forget(device)
          try {
            open.set(device, { fd: openSync(join(sysRoot, 'class/net', device, 'operstate'), 'r'), state })
          } catch {
            // It is gone already, or it has no state to watch.
          }
        }
      }
    },
    hasChanged: () => [...open.values()].some(({ fd, state }) => readNow(fd) !== state),
  }
}
