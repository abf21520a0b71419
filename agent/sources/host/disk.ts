import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Counter, Gauge, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'

/** Whole disks only, as node_exporter has it: what a partition does, its disk does; RAM disks and empty loops say nothing. */
const LEFT_OUT = /^(z?ram|loop|fd|sr|(h|s|v|xv)d[a-z]+|nvme\d+n\d+p|mmcblk\d+p)\d+$/

const BYTES_A_SECTOR = 512n
const MS_A_SECOND = 1_000

/** Columns behind the name, by Documentation/admin-guide/iostats.rst of the kernel; `times` turns one into the unit. */
const COLUMNS = [
  { metric: 'node_disk_reads_completed_total', column: 0 },
  { metric: 'node_disk_read_bytes_total', column: 2, times: BYTES_A_SECTOR },
  { metric: 'node_disk_read_time_seconds_total', column: 3, unitsPerOne: MS_A_SECOND },
  { metric: 'node_disk_writes_completed_total', column: 4 },
  { metric: 'node_disk_written_bytes_total', column: 6, times: BYTES_A_SECTOR },
  { metric: 'node_disk_write_time_seconds_total', column: 7, unitsPerOne: MS_A_SECOND },
  { metric: 'node_disk_io_time_seconds_total', column: 9, unitsPerOne: MS_A_SECOND },
  { metric: 'node_disk_io_time_weighted_seconds_total', column: 10, unitsPerOne: MS_A_SECOND },
] as const
const NOW_COLUMN = 8

export type DiskCounters = { device: string; columns: bigint[] }

/** Counters of each whole disk. Throws when the text is no /proc/diskstats. */
export function parseDiskStats(text: string): DiskCounters[] {
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .flatMap(line => {
      const match = /^\s*\d+\s+\d+\s+(\S+)((?:\s+\d+){11,})\s*$/.exec(line)
      const [device, numbers] = [match?.[1], match?.[2]]
      if (device === undefined || numbers === undefined) throw new Error('/proc/diskstats has an unknown form')
      return LEFT_OUT.test(device) ? [] : [{ device, columns: numbers.trim().split(/\s+/).map(BigInt) }]
    })
}

/** node_disk_*: what disks read and wrote, and how busy they were. */
export function createDiskSource(deps: { procRoot: string; clock: Clock }): Source {
  const file = createKernelFile(join(deps.procRoot, 'diskstats'))
  return {
    name: 'disk',
    async read() {
      const disks = parseDiskStats(file.read())
      const readAtMs = deps.clock.monotonicMs()
      const gauges = disks.map(
        ({ device, columns }): Gauge => ({
          metric: 'node_disk_io_now',
          labels: { device },
          value: columns[NOW_COLUMN] ?? 0n,
        }),
      )
      const items = disks.flatMap(({ device, columns }) =>
        COLUMNS.map(
          ({ metric, column, ...unit }): Counter => ({
            metric,
            labels: { device },
            group: device,
            total: (columns[column] ?? 0n) * ('times' in unit ? unit.times : 1n),
            ...('unitsPerOne' in unit && { unitsPerOne: unit.unitsPerOne }),
          }),
        ),
      )
      return { gauges, counters: { readAtMs, items } }
    },
  }
}
