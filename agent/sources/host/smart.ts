import { findProgram } from '../../platform/find-program.ts'
import { runProgram } from '../../platform/run-program.ts'
import type { Gauge, Source } from '../source.ts'

type Fields = Record<string, unknown>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** Devices by `smartctl --scan --json`. */
export function parseScan(output: string): { name: string; type: string }[] {
  const { devices } = fieldsOf(JSON.parse(output))
  return (Array.isArray(devices) ? devices : []).map(fieldsOf).flatMap(({ name, type }) => {
    const isPath = typeof name === 'string' && name.startsWith('/dev/')
    return isPath && typeof type === 'string' ? [{ name, type }] : []
  })
}

/** What `smartctl --json -H -A` says of one device; empty for one that has no SMART or sleeps. */
export function smartGauges(device: string, output: string): Gauge[] {
  const found = fieldsOf(JSON.parse(output))
  const labels = { device: device.replace(/^\/dev\//, '') }
  const { passed } = fieldsOf(found.smart_status)
  const nvme = fieldsOf(found.nvme_smart_health_information_log)
  const figures: [metric: string, value: number | undefined][] = [
    ['smartctl_device_smart_status', typeof passed === 'boolean' ? Number(passed) : undefined],
    ['smartctl_device_temperature_celsius', numberOf(fieldsOf(found.temperature).current)],
    ['smartctl_device_power_on_hours', numberOf(fieldsOf(found.power_on_time).hours)],
    ['smartctl_device_percentage_used', numberOf(nvme.percentage_used)],
    ['smartctl_device_media_errors', numberOf(nvme.media_errors)],
    ...attributes(found).map(([metric, value]): [string, number | undefined] => [metric, value]),
  ]
  return figures.flatMap(([metric, value]) => (value === undefined ? [] : [{ metric, labels, value }]))
}

/** Of the many attributes of ATA, the two that foretell an end: sectors that had to be replaced, and that cannot be read. */
function attributes(found: Fields): [string, number | undefined][] {
  const { table } = fieldsOf(found.ata_smart_attributes)
  const rows = (Array.isArray(table) ? table : []).map(fieldsOf)
  const rawOf = (id: number): number | undefined => numberOf(fieldsOf(rows.find(row => row.id === id)?.raw).value)
  return [
    ['smartctl_device_reallocated_sectors', rawOf(5)],
    ['smartctl_device_pending_sectors', rawOf(197)],
  ]
}

/** smartctl_device_*, in the rhythm of the facts; not offered without smartctl or a disk that has SMART. Sleeping disks sleep on. */
export function createSmartSource(deps: { everyMs: number; programs?: readonly string[] }): Source {
  const programs = deps.programs ?? ['/usr/sbin/smartctl', '/usr/local/sbin/smartctl']
  const limits = { withinMs: 20_000, longestOutputBytes: 512 * 1024 }
  return {
    name: 'smart',
    rhythm: { everyMs: deps.everyMs, withinMs: 5 * 60_000, firstAfterMs: 40_000 },
    async read(signal) {
      const program = await findProgram(programs)
      if (program === undefined) return 'not-offered'
      const scan = await runProgram(program, ['--scan', '--json'], { ...limits, signal })
      const gauges: Gauge[] = []
      for (const { name, type } of parseScan(scan.output)) {
        const args = ['--json', '-n', 'standby', '-H', '-A', '-d', type, name]
        const { output } = await runProgram(program, args, { ...limits, signal })
        gauges.push(...smartGauges(name, output))
      }
      return gauges.length === 0 ? 'not-offered' : { gauges }
    },
  }
}
