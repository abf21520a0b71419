// Appends on their way through the engine: those that come together share one fsync, and while the disk works on it, what was
// made durable before goes into the head and the next ones gather.
import { setTimeout as later } from 'node:timers'
import type { AppendReport } from '../series-store.ts'
import type { SeriesEngine } from './engine.ts'
import type { PackedAppend } from './engine-calls.ts'
import type { LoggedAppends } from './intake.ts'

const MAX_APPENDS_A_GROUP = 1024
/** So many samples do not wait for others. */
const ENOUGH_SAMPLES = 2048
/** A group of more would make its answers wait, and its record long. */
const MOST_SAMPLES = 65_536

export type AppendLine = {
  /** Resolves when the samples are durable and visible; rejects with a StorageError, and then nothing of them counts. */
  add(packed: PackedAppend): Promise<AppendReport>
  isBusy(): boolean
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>
}

type Waiting = { packed: PackedAppend; resolve: (report: AppendReport) => void; reject: (error: unknown) => void }

/** `groupMs`: how long a few samples wait for more. */
export function createAppendLine(deps: {
  engine: Pick<SeriesEngine, 'write' | 'sync' | 'take'>
  groupMs: number
  /** After each group. */
  onTaken: () => void
}): AppendLine {
  const { engine } = deps
  const waiting: Waiting[] = []
  let samples = 0
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined
  let running: Promise<void> | null = null

  /** The oldest of what waits. */
  function nextGroup(): Waiting[] {
    let weight = 0
    let count = 0
    while (count < waiting.length && count < MAX_APPENDS_A_GROUP && (count === 0 || weight < MOST_SAMPLES)) {
      weight += waiting[count++]?.packed.ids.length ?? 0
    }
    samples -= weight
    return waiting.splice(0, count)
  }

  function write(group: readonly Waiting[]): LoggedAppends | null {
    try {
      return engine.write(group.map(({ packed }) => packed))
    } catch (error) {
      for (const { reject } of group) reject(error)
      return null
    }
  }

  function take(group: readonly Waiting[], logged: LoggedAppends): void {
    try {
      const reports = engine.take(logged)
      for (const [index, { resolve }] of group.entries()) resolve(reports[index] as AppendReport)
    } catch (error) {
      // Logged and durable, but refused: it may come again, and then what is there already counts once.
      for (const { reject } of group) reject(error)
    }
    deps.onTaken()
  }

  async function run(): Promise<void> {
    let durable: (() => void) | null = null
    while (waiting.length > 0 || durable !== null) {
      const group = nextGroup()
      const logged = group.length === 0 ? null : write(group)
      const synced = logged === null ? null : engine.sync(logged)
      // While the disk works.
      durable?.()
      durable = null
      if (logged === null) continue
      try {
        await synced
        durable = () => take(group, logged)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
  }

  function start(): void {
    clearTimeout(timer)
    clearImmediate(soon)
    timer = undefined
    soon = undefined
    running ??= run().finally(() => {
      running = null
    })
  }

  return {
    add(packed) {
      return new Promise((resolve, reject) => {
        waiting.push({ packed, resolve, reject })
        samples += packed.ids.length
        if (running !== null) return
        if (waiting.length >= MAX_APPENDS_A_GROUP) start()
        else if (samples >= ENOUGH_SAMPLES) soon ??= setImmediate(start)
        else timer ??= later(start, deps.groupMs)
      })
    },
    isBusy: () => running !== null || waiting.length > 0,
    async drain() {
      while (running !== null || waiting.length > 0) {
        start()
        await running
      }
    },
  }
}
