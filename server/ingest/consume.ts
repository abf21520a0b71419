// A consumer of the journal: reads from its cursor, handles, advances; tries again until it succeeds.
import { setTimeout as sleepMs } from 'node:timers/promises'
import type { Journal } from './journal.ts'
import type { JournalEntry } from './journal-entry.ts'

export type ConsumerDeps = {
  journal: Pick<Journal, 'read' | 'cursor' | 'advance' | 'onAppend'>
  /** One of the journal's consumers. */
  name: string
  /**
   * Handles entries in order. After a crash or a failure it gets the same ones again, so it must be idempotent: then
   * each entry counts exactly once. Nothing is skipped: while it fails, everything behind waits.
   */
  handle: (entries: readonly JournalEntry[]) => Promise<void>
  /** Is told of each failure; `attempt` counts from 1 and starts anew after a success. */
  onFailure: (failure: { error: unknown; attempt: number; retryInMs: number }) => void
  /** How many entries `handle` gets at most. */
  entriesAtOnce?: number
  /** After it handled what there was: so many batches that come meanwhile share the next reading and writing. */
  restMs?: number
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

export type ConsumerState = {
  state: 'idle' | 'working' | 'failing' | 'stopped'
  /** Id of the last entry that is done with. */
  position: number
  attempt: number
}

export type Consumer = {
  start(): void
  /** Lets the present `handle` end; resolves when nothing runs any more. */
  stop(): Promise<void>
  /** Resolves when nothing is left to read, once: after a restart this is when the journal is drained. */
  whenIdle(): Promise<void>
  state(): ConsumerState
}

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 30_000

export function retryDelayMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 20))
}

async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  await sleepMs(ms, undefined, { signal }).catch(() => {})
}

export function createConsumer(deps: ConsumerDeps): Consumer {
  const { journal, name, handle, onFailure, entriesAtOnce = 100, restMs = 0, sleep = abortableSleep } = deps
  const stopping = new AbortController()
  const now: ConsumerState = { state: 'stopped', position: 0, attempt: 0 }
  let running: Promise<void> | null = null
  let leave = () => {}
  let hasNews = true
  let wake = () => {}
  const idleListeners: (() => void)[] = []

  async function waitForNews(): Promise<void> {
    now.state = 'idle'
    for (const listener of idleListeners.splice(0)) listener()
    const news = Promise.withResolvers<void>()
    wake = news.resolve
    if (!hasNews && !stopping.signal.aborted) await news.promise
  }

  async function work(): Promise<void> {
    // Before the read: an append during it must lead to another read.
    hasNews = false
    const entries = await journal.read(now.position, entriesAtOnce)
    const last = entries.at(-1)
    if (last === undefined) return waitForNews()
    now.state = 'working'
    await handle(entries)
    await journal.advance(name, last.id)
    now.position = last.id
    now.attempt = 0
    if (restMs > 0 && entries.length < entriesAtOnce) await sleep(restMs, stopping.signal)
  }

  async function run(): Promise<void> {
    let knowsPosition = false
    while (!stopping.signal.aborted) {
      try {
        if (!knowsPosition) now.position = await journal.cursor(name)
        knowsPosition = true
        await work()
      } catch (error) {
        if (stopping.signal.aborted) break
        now.state = 'failing'
        now.attempt++
        const retryInMs = retryDelayMs(now.attempt)
        onFailure({ error, attempt: now.attempt, retryInMs })
        await sleep(retryInMs, stopping.signal)
      }
    }
    now.state = 'stopped'
  }

  return {
    start() {
      if (running !== null) return
      leave = journal.onAppend(() => {
        hasNews = true
        wake()
      })
      running = run()
    },

    async stop() {
      stopping.abort()
      leave()
      wake()
      await running
    },

    whenIdle() {
      if (now.state === 'idle' && !hasNews) return Promise.resolve()
      return new Promise(resolve => {
        idleListeners.push(resolve)
      })
    },

    state: () => ({ ...now }),
  }
}
