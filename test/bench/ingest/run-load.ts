// Lets the load of the load process fall on a program, and looks at what that costs it.
import { fork } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { processCpuSeconds, processMemory, threadCpuSeconds } from '../series/peer.ts'
import type { LoadOrder, LoadReport } from './load-process.ts'

export type Figures = Record<string, number>
type Looked = {
  atMs: number
  rssMiB: number
  cpuS: number
  threadsS: ReadonlyMap<number, number>
  acknowledged: number
}

const LOAD_PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url))

/** `inside` is what else there is to say of the program with each report. Answers acknowledged samples by server, too. */
export async function runLoad(
  run: { name: string; pid: number; minutes: number; inside?: () => Promise<string> },
  order: LoadOrder,
): Promise<{ figures: Figures; samples: number[] }> {
  const { name, pid, minutes, inside = async () => '' } = run
  const load = fork(LOAD_PROCESS, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const startedMs = performance.now()
  const looked: Looked[] = []
  const look = (acknowledged: number): Looked => {
    const atMs = performance.now() - startedMs
    const now = {
      ...{ atMs, acknowledged, rssMiB: processMemory(pid).rssBytes / 1024 ** 2 },
      ...{ cpuS: processCpuSeconds(pid), threadsS: threadCpuSeconds(pid) },
    }
    looked.push(now)
    return now
  }
  const ended = Promise.withResolvers<LoadReport>()
  load.once('exit', code => ended.reject(new Error(`the load ended with ${code}`)))
  load.on('message', async (report: LoadReport) => {
    if (report.kind === 'end') return ended.resolve(report)
    const before = looked.at(-1)
    const now = look(report.acknowledged)
    const cores = before === undefined ? Number.NaN : coresOf(before, now)
    const { p50, p99, max, acknowledged, refused, broken, waiting, lateP99 } = report
    const said = await inside().catch(error => String(error))
    console.log(
      `${name} ${(now.atMs / 1000).toFixed(0)} s: ack p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} max ${max.toFixed(0)} ms, ` +
        `${acknowledged} taken, ${waiting} waiting, ${broken} broken, refused ${JSON.stringify(refused)}, ` +
        `${cores.toFixed(2)} cores (threads ${before === undefined ? '' : threadCores(before, now).join(' ')}), ${now.rssMiB.toFixed(0)} MiB, sender late p99 ${lateP99.toFixed(1)} ms; ${said}`,
    )
  })
  load.send(order)
  look(0)
  await Promise.race([sleep(minutes * 60_000), ended.promise])
  load.send('end')
  const end = await ended.promise
  // The first half is warming up: code is compiled, series are named, caches fill.
  const warm = looked.slice(Math.floor(looked.length / 2))
  const [first, last] = [warm[0], warm.at(-1)]
  const figures = {
    'batches acknowledged': end.acknowledged,
    'acknowledgement p50, ms': end.p50,
    'acknowledgement p99, ms': end.p99,
    'acknowledgement at most, ms': end.max,
    'p99 after all had begun, ms': end.steadyP99,
    'at most after all had begun, ms': end.steadyMax,
    'CPU in the second half, cores': first === undefined || last === undefined ? Number.NaN : coresOf(first, last),
    'CPU a batch in the second half, ms':
      first === undefined || last === undefined
        ? Number.NaN
        : ((last.cpuS - first.cpuS) * 1000) / (last.acknowledged - first.acknowledged),
    'resident at the end, MiB': last?.rssMiB ?? Number.NaN,
    'resident at most, MiB': Math.max(...looked.map(({ rssMiB }) => rssMiB)),
    'growth in the second half, MiB a minute': slopeOf(warm),
    'sender late p99, ms': end.lateP99,
  }
  return { figures, samples: end.samples ?? [] }
}

function coresOf(before: Looked, now: Looked): number {
  return (now.cpuS - before.cpuS) / ((now.atMs - before.atMs) / 1000)
}

/** Of the threads that did most, fullest first. */
function threadCores(before: Looked, now: Looked): string[] {
  const elapsedS = (now.atMs - before.atMs) / 1000
  const [main] = now.threadsS.keys()
  return [...now.threadsS]
    .map(([thread, s]) => ({ thread, cores: (s - (before.threadsS.get(thread) ?? 0)) / elapsedS }))
    .filter(({ cores }) => cores > 0.015)
    .sort((a, b) => b.cores - a.cores)
    .map(({ thread, cores }) => `${thread === main ? 'main ' : ''}${cores.toFixed(2)}`)
}

/** Least squares, MiB a minute. */
function slopeOf(looked: readonly Looked[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanAt, meanRss] = [mean(looked.map(({ atMs }) => atMs)), mean(looked.map(({ rssMiB }) => rssMiB))]
  const above = looked.reduce((sum, { atMs, rssMiB }) => sum + (atMs - meanAt) * (rssMiB - meanRss), 0)
  return (above / looked.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0)) * 60_000
}
