// What a store must do to be measured beside others. Times in UTC milliseconds, series by their number in the city.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Batch } from './city.ts'

export type Peer = {
  name: string
  /** What the store takes, made before the clock runs: the client's own work does not count. */
  prepare(batch: Batch): unknown
  /** Resolves when the store has acknowledged it. */
  write(prepared: unknown): Promise<void>
  /** Resolves when everything that was written is in the answers. `at`: the newest instant. */
  settle(at: number): Promise<void>
  /** Averages of a series; the number of points. */
  average(series: number, from: number, to: number, stepMs: number): Promise<number>
  raw(series: number, from: number, to: number): Promise<number>
  /** The newest of all series; how many. */
  latest(): Promise<number>
  /** The 95th percentile of the rates in 5 minutes of some link counters; how many answers. */
  percentiles(series: readonly number[], from: number, to: number): Promise<number>
  bytes(): Record<string, number>
  rssBytes(): number
  /** CPU seconds so far. */
  cpuSeconds(): number
  close(): Promise<void>
}

export function directoryBytes(directory: string, wanted: (name: string) => boolean = () => true): number {
  let total = 0
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && wanted(entry.name))
      total += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return total
}

/** Of another process, from /proc. */
export function processRss(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}

export function processCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / 100
}
