// What a store must do to be measured beside others. Times in UTC milliseconds, series by their number in the city.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Batch } from './city.ts'

/** Batches of `size` samples, so many `together` in flight at once, until `fill` gives no more or `most` were written. */
export type Phase = { fill: (size: number) => Batch; size: number; together: number; most: number }
/** `ms`: from the first batch's sending to the last one's acknowledgement. `stallMs`: the longest time the caller's thread had no turn. */
export type Poured = { written: number; ms: number; stallMs?: number }

export type Question =
  | { kind: 'average'; series: number; from: number; to: number; stepMs: number }
  | { kind: 'raw'; series: number; from: number; to: number }
  /** The newest of all series. */
  | { kind: 'latest' }
  /** The 95th percentile of the rates in 5 minutes of some link counters. */
  | { kind: 'percentiles'; series: readonly number[]; from: number; to: number }

/** The median over some times, and how many points or series the least answer had. */
export type Answered = { ms: number; parts: number }

export type Peer = {
  name: string
  /** Resolves when the store has acknowledged everything. */
  pour(phase: Phase): Promise<Poured>
  /** Resolves when everything that was written is in the answers. `at`: the newest instant. */
  settle(at: number): Promise<void>
  ask(question: Question, times: number): Promise<Answered>
  bytes(): Record<string, number>
  /** Of the process that holds the store. */
  pid: number
  /** What only this store tells, by name. */
  more(): Promise<Record<string, number>>
  close(): Promise<void>
}

export async function medianOf(times: number, ask: () => Promise<number>): Promise<Answered> {
  const took: number[] = []
  let parts = Number.POSITIVE_INFINITY
  for (let run = 0; run < times; run++) {
    const beganMs = performance.now()
    parts = Math.min(parts, await ask())
    took.push(performance.now() - beganMs)
  }
  return { ms: took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN, parts }
}

/** Keeps `together` works going until `next` gives none. */
export async function keepInFlight(together: number, next: () => (() => Promise<void>) | null): Promise<void> {
  async function one(): Promise<void> {
    for (let work = next(); work !== null; work = next()) await work()
  }
  await Promise.all(Array.from({ length: together }, one))
}

export function directoryBytes(directory: string, wanted: (name: string) => boolean = () => true): number {
  let total = 0
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && wanted(entry.name))
      total += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return total
}

/** Resident memory of another process, now and at most so far, from /proc. */
export function processMemory(pid: number): { rssBytes: number; peakBytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
  return { rssBytes: of('VmRSS'), peakBytes: of('VmHWM') }
}

export function processCpuSeconds(pid: number): number {
  return cpuSecondsOf(`/proc/${pid}/stat`)
}

/** Of each thread of the process by its number; the first one is the main thread. */
export function threadCpuSeconds(pid: number): Map<number, number> {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number)
  return new Map(
    threads
      .sort((a, b) => a - b)
      .flatMap(thread => {
        try {
          return [[thread, cpuSecondsOf(`/proc/${pid}/task/${thread}/stat`)] as const]
        } catch {
          // It ended meanwhile.
          return []
        }
      }),
  )
}

function cpuSecondsOf(file: string): number {
  const stat = readFileSync(file, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / 100
}
