import type { ChildProcess } from 'node:child_process'
import type { ProbeTarget } from '../../../protocol/probes.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/logger.ts'
import { flagsForChild } from '../../platform/own-flags.ts'
import { programPath } from '../../platform/program-path.ts'
import type { Reading, Source } from '../source.ts'
import type { Told } from './probe-engine.ts'
import type { ChildOrder } from './probes-child.ts'

export type ProbeSource = Source & {
  setTargets(targets: readonly ProbeTarget[]): void
  stop(): void
}

const CHILD = new URL('./probes-child.ts', import.meta.url)
/** Thousands of targets with their round trips. */
const CHILD_HEAP_MB = 64
const GATHER_NEWS_MS = 100
const START_AGAIN_AFTER_MS = 5_000

type Waiting = { settle: (told: Told) => void; fail: (error: Error) => void }

/** Probes by a process that lives while there is something to probe; a server that has none pays nothing for it. */
export function createProbeSource(deps: {
  clock: Clock
  log: Log
  /** Called soon after `hasChanged` turned true: a cut cable waits for no rhythm. */
  onNews?: () => void
}): ProbeSource {
  const { clock, log } = deps
  let targets: readonly ProbeTarget[] = []
  let child: ChildProcess | undefined
  let isStarting = false
  let isStopped = false
  let mayStartMs = 0
  let hasNews = false
  let newsTimer: NodeJS.Timeout | undefined
  let isUrgent = false
  let problem: string | null = null
  let waiting: Waiting[] = []

  const start = async (): Promise<void> => {
    if (isStarting || isStopped || child !== undefined || clock.monotonicMs() < mayStartMs) return
    isStarting = true
    const { spawn } = await import('node:child_process')
    isStarting = false
    if (isStopped || targets.length === 0) return
    const started = spawn(process.execPath, [...flagsForChild(CHILD_HEAP_MB), programPath(CHILD)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    })
    child = started
    const parts: Buffer[] = []
    started.stdout.on('data', (part: Buffer) => {
      let rest = part
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const line = Buffer.concat([...parts.splice(0), rest.subarray(0, end)])
        rest = rest.subarray(end + 1)
        hear(JSON.parse(line.toString('utf8')))
      }
      if (rest.length > 0) parts.push(rest)
    })
    started.stdin.on('error', () => {})
    started.on('error', () => end(started))
    started.on('exit', () => end(started))
    started.unref()
    say({ targets })
  }
  const say = (order: ChildOrder): void => void child?.stdin?.write(`${JSON.stringify(order)}\n`)
  const hear = (told: Told | 'news'): void => {
    if (told === 'news') {
      hasNews = true
      // What is found silent together is told together.
      newsTimer ??= setTimeout(() => {
        newsTimer = undefined
        deps.onNews?.()
      }, GATHER_NEWS_MS).unref()
    } else waiting.shift()?.settle(told)
  }
  const end = (ended: ChildProcess): void => {
    if (child !== ended) return
    child = undefined
    mayStartMs = clock.monotonicMs() + START_AGAIN_AFTER_MS
    const left = waiting
    waiting = []
    for (const { fail } of left) fail(new Error('the process of the probes ended'))
    if (!isStopped && targets.length > 0) log.warn({}, 'process of the probes ended, it is started again')
  }

  return {
    name: 'probes',
    isIdle: () => targets.length === 0,
    hasChanged() {
      if (hasNews) isUrgent = true
      return hasNews
    },
    async read(signal) {
      await start()
      if (child === undefined) throw new Error('the process of the probes is not there')
      const take = isUrgent ? 'news' : 'all'
      isUrgent = false
      hasNews = false
      const told = await new Promise<Told>((settle, fail) => {
        waiting.push({ settle, fail })
        signal.addEventListener('abort', () => fail(new Error('the process of the probes did not answer')), {
          once: true,
        })
        say({ take })
      })
      if (told.hasMore) hasNews = true
      if (told.problem !== problem) {
        problem = told.problem
        if (problem === null) log.info({}, 'pings can be sent again')
        else log.warn({ reason: problem }, 'pings can not be sent, nothing is said of who should get them')
      }
      const { gauges, facts } = told
      return { gauges, facts } satisfies Reading
    },
    setTargets(list) {
      targets = list
      if (child !== undefined && list.length > 0) say({ targets })
      else if (list.length > 0) void start()
      else child?.kill('SIGKILL')
    },
    stop() {
      isStopped = true
      clearTimeout(newsTimer)
      child?.kill('SIGKILL')
    },
  }
}
