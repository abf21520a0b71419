import type { FigureName } from '../../../../protocol/vendor-profile.ts'
import type { Gauge } from '../../source.ts'
import { type Reading, readingOf } from '../discover/reading.ts'
import type { SnmpValue } from '../value.ts'

const SENSOR_METRICS: Partial<Record<FigureName, string>> = {
  'temperature-celsius': 'node_hwmon_temp_celsius',
  'fan-rpm': 'node_hwmon_fan_rpm',
  'voltage-volts': 'node_hwmon_in_volts',
  'current-amps': 'node_hwmon_curr_amps',
  'power-watts': 'node_hwmon_power_watts',
  'humidity-ratio': 'node_hwmon_humidity_ratio',
}

type Combine = (values: readonly number[]) => number
const mean: Combine = values => values.reduce((sum, value) => sum + value, 0) / values.length
const least: Combine = values => Math.min(...values)
const most: Combine = values => Math.max(...values)

/** A UPS has one figure of each: of several lines the one that worries. */
const UPS_METRICS: Partial<Record<FigureName, [metric: string, combine: Combine]>> = {
  'ups-on-battery': ['ups_on_battery', most],
  'ups-charge-ratio': ['ups_battery_charge_ratio', least],
  'ups-runtime-seconds': ['ups_battery_runtime_seconds', least],
  'ups-load-ratio': ['ups_load_ratio', most],
  'ups-input-volts': ['ups_input_volts', least],
  'ups-output-volts': ['ups_output_volts', least],
  'ups-battery-volts': ['ups_battery_volts', mean],
  'ups-battery-celsius': ['ups_battery_temp_celsius', most],
}

/** The figures of one round. What has no sound value in it gives no sample. */
export function figuresOf(readings: readonly Reading[], valueAt: (index: number) => SnmpValue | undefined): Gauge[] {
  const gauges: Gauge[] = []
  const byFigure = new Map<FigureName, number[]>()
  const promised = new Map<FigureName, number>()
  for (const [index, reading] of readings.entries()) {
    promised.set(reading.figure, (promised.get(reading.figure) ?? 0) + 1)
    const value = valueAt(index)
    const number = value && readingOf(reading, value)
    if (number === undefined) continue
    byFigure.set(reading.figure, [...(byFigure.get(reading.figure) ?? []), number])
    const metric = SENSOR_METRICS[reading.figure]
    if (metric !== undefined) gauges.push({ metric, labels: { sensor: reading.name }, value: number })
    if (reading.figure === 'wireless-clients')
      gauges.push({ metric: 'wireless_clients', labels: { device: reading.name }, value: number })
  }
  for (const [figure, numbers] of byFigure) {
    const ups = UPS_METRICS[figure]
    if (ups !== undefined) gauges.push({ metric: ups[0], value: ups[1](numbers) })
  }
  const busy = byFigure.get('cpu-ratio') ?? byFigure.get('cpu-idle-ratio')?.map(idle => 1 - idle)
  if (busy !== undefined) gauges.push({ metric: 'router_cpu_used_ratio', value: rounded(clamp(mean(busy))) })
  // A sum of which a part is missing in this round would be a wrong one.
  const sumOf = (figure: FigureName): number | undefined => {
    const numbers = byFigure.get(figure)
    return numbers === undefined || numbers.length !== promised.get(figure)
      ? undefined
      : numbers.reduce((sum, number) => sum + number, 0)
  }
  return [...gauges, ...memoryOf(sumOf, byFigure.get('memory-used-ratio'))]
}

const clamp = (ratio: number): number => Math.min(Math.max(ratio, 0), 1)
const rounded = (value: number): number => Number(value.toPrecision(9))

/** Devices tell of their memory total and free, total and used, used and free, or only the share that is used. */
function memoryOf(sumOf: (figure: FigureName) => number | undefined, usedRatios: number[] | undefined): Gauge[] {
  const used = sumOf('memory-used-bytes')
  const free = sumOf('memory-available-bytes')
  const ratio = usedRatios && clamp(mean(usedRatios))
  const total = sumOf('memory-total-bytes') ?? (used !== undefined && free !== undefined ? used + free : undefined)
  const gauges: Gauge[] = []
  if (total !== undefined && total > 0) {
    gauges.push({ metric: 'node_memory_MemTotal_bytes', value: total })
    const plain = free ?? (used === undefined ? undefined : total - used) ?? (ratio && Math.round(total * (1 - ratio)))
    if (plain !== undefined) {
      const available = Math.min(Math.max(plain + (sumOf('memory-reclaimable-bytes') ?? 0), 0), total)
      gauges.push({ metric: 'node_memory_MemAvailable_bytes', value: available })
      gauges.push({ metric: 'router_memory_used_ratio', value: rounded(1 - available / total) })
      return gauges
    }
  }
  if (ratio !== undefined) gauges.push({ metric: 'router_memory_used_ratio', value: rounded(ratio) })
  return gauges
}
