import { evidenceLastsMs } from '../../availability/subject-state.ts'
import type { Measure, Measurement } from './measure.ts'

/**
 * Used share of each filesystem as df shows it to a user without privileges: used / (used + available), where the
 * blocks reserved for root count as used. A filesystem mounted read-only is left out: it can't run full.
 */
export const filesystemUsedRatio: Measure = {
  unit: 'ratio',
  parameters: [],
  cadence: 'samples',
  evaluate: ({ at, subject, current, knownParts }) => {
    const oldestAt = at - evidenceLastsMs(subject.intervalMs)
    const byMountpoint = (metric: string) =>
      new Map(
        current(metric)
          .filter(value => value.at >= oldestAt)
          .map(value => [value.labels.mountpoint ?? '', value]),
      )
    const sizes = byMountpoint('node_filesystem_size_bytes')
    const free = byMountpoint('node_filesystem_free_bytes')
    const available = byMountpoint('node_filesystem_avail_bytes')
    const readOnly = byMountpoint('node_filesystem_readonly')
    const measured: Measurement[] = []
    for (const [mountpoint, size] of sizes) {
      const freeBytes = free.get(mountpoint)?.value
      const availBytes = available.get(mountpoint)?.value
      if (freeBytes === undefined || availBytes === undefined || readOnly.get(mountpoint)?.value === 1) continue
      const usedRatio = usedRatioOf({ sizeBytes: size.value, freeBytes, availBytes })
      if (usedRatio === null) continue
      measured.push({
        part: partOf(mountpoint),
        value: usedRatio,
        basis: { mountpoint, sizeBytes: size.value, freeBytes, availBytes, sampledAt: size.at },
      })
    }
    const seen = new Set(measured.map(({ part }) => part))
    const vanished = knownParts.filter(part => !seen.has(part))
    return [...measured, ...vanished.map(part => ({ part, value: null, basis: { reason: 'no fresh sample' } }))]
  },
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
