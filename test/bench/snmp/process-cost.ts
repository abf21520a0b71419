import { readFileSync } from 'node:fs'

const CLOCK_TICKS_A_SECOND = 100

/** Seconds of CPU of a process with all of its threads, since it began. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (user + system) / CLOCK_TICKS_A_SECOND
}

/** Resident memory now and at its highest, in MiB. */
export function memoryOf(pid: number): { nowMib: number; mostMib: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1_024
  return { nowMib: mib('VmRSS'), mostMib: mib('VmHWM') }
}

export const shown = (value: number, digits = 2): string => value.toFixed(digits)
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN
