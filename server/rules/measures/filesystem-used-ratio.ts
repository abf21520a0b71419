import { evidenceLastsMs } from '../../availability/subject-state.ts'
import type { CurrentValue } from '../../stores/current-values.ts'
import type { Measure, Measurement } from './measure.ts'

/**
 * Used share of each filesystem as df shows it to a user without privileges: used / (used + available), where the
 * blocks reserved for root count as used. A filesystem mounted read-only is left out: it can't run full.
 */
export const filesystemUsedRatio: Measure = {
  unit: 'ratio',
  parameters: [],
  cadence: 'samples',
  evaluate: ({ at, subject, current, knownParts, silenceCountsFrom }) => {
    const oldestAt = at - evidenceLastsMs(subject.intervalMs)
    const byMountpoint = (metric: string) => newestByMountpoint(current(metric).filter(value => value.at >= oldestAt))
    const sizes = byMountpoint('node_filesystem_size_bytes')
    const free = byMountpoint('node_filesystem_free_bytes')
    const available = byMountpoint('node_filesystem_avail_bytes')
    const readOnly = byMountpoint('node_filesystem_readonly')
    const measured: Measurement[] = []
    for (const [mountpoint, size] of sizes) {
      const freeBytes = free.get(mountpoint)?.value
      const availBytes = available.get(mountpoint)?.value
      if (freeBytes === undefined || availBytes === undefined) continue
      if (readOnly.get(mountpoint)?.value === 1) {
        if (!knownParts.includes(partOf(mountpoint))) continue
        measured.push({ part: partOf(mountpoint), value: null, basis: { reason: 'mounted read-only' } })
        continue
      }
      const usedRatio = usedRatioOf({ sizeBytes: size.value, freeBytes, availBytes })
      if (usedRatio === null) continue
      measured.push({
        part: partOf(mountpoint),
        value: usedRatio,
        basis: { mountpoint, sizeBytes: size.value, freeBytes, availBytes, sampledAt: size.at },
      })
    }
    // A collector that has just started was deaf itself: what is missing then proves nothing.
    if (at < silenceCountsFrom) return measured
    const seen = new Set(measured.map(({ part }) => part))
    const vanished = knownParts.filter(part => !seen.has(part))
    return [...measured, ...vanished.map(part => ({ part, value: null, basis: { reason: 'no fresh sample' } }))]
  },
}

/** Where something else was mounted in the same place, only what is there now counts. */
export function newestByMountpoint(values: readonly CurrentValue[]): Map<string, CurrentValue> {
  const newest = new Map<string, CurrentValue>()
  for (const value of values) {
    const mountpoint = value.labels.mountpoint ?? ''
    if ((newest.get(mountpoint)?.at ?? 0) <= value.at) newest.set(mountpoint, value)
  }
  return newest
}

/** As df counts; null for a filesystem without blocks. */
export function usedRatioOf(bytes: { sizeBytes: number; freeBytes: number; availBytes: number }): number | null {
  const usedBytes = bytes.sizeBytes - bytes.freeBytes
  const usableBytes = usedBytes + bytes.availBytes
  return usableBytes <= 0 ? null : Math.min(1, Math.max(0, usedBytes / usableBytes))
}

export function partOf(mountpoint: string): string {
  return `mountpoint=${mountpoint}`
}
