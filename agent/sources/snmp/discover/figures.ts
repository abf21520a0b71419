import type { FigureName, VendorFigure, VendorProfile } from '../../../../protocol/vendor-profile.ts'
import { numberOf, type SnmpValue, textOf } from '../value.ts'
import type { DeviceReader } from './device-reader.ts'
import { readEntitySensors } from './entity-sensors.ts'
import { type Reading, readingOf } from './reading.ts'

const SENSORS: readonly FigureName[] = [
  ...(['temperature-celsius', 'fan-rpm', 'voltage-volts'] as const),
  ...(['current-amps', 'power-watts', 'humidity-ratio'] as const),
]
const MEMORY: readonly FigureName[] = [
  ...(['memory-total-bytes', 'memory-available-bytes', 'memory-used-bytes'] as const),
  ...(['memory-reclaimable-bytes', 'memory-used-ratio'] as const),
]
const CPU: readonly FigureName[] = ['cpu-ratio', 'cpu-idle-ratio']
/** Figures of which all entries count; of the others, the first entry that the device offers. */
const ALL_COUNT: readonly FigureName[] = [...SENSORS, 'memory-reclaimable-bytes']

/** Which figures belong together: they come from one profile, the vendor's or the generic one. */
function groupOf(figure: FigureName): string {
  if (MEMORY.includes(figure)) return 'memory'
  return CPU.includes(figure) ? 'cpu' : figure
}

/** All figures that the device offers now: the vendor's own, and the generic ones of each group that the vendor has none of. */
export async function resolveFigures(
  reader: DeviceReader,
  vendor: VendorProfile,
  generic: VendorProfile,
): Promise<Reading[]> {
  const found: Reading[] = []
  for (const profile of vendor.id === generic.id ? [generic] : [vendor, generic]) {
    const before = new Set(found.map(reading => groupOf(reading.figure)))
    const own: Reading[] = []
    for (const entry of profile.sensorTables ?? []) own.push(...(await readEntitySensors(reader, entry)))
    const scalars = (profile.figures ?? []).flatMap(({ oid }) => (oid === undefined ? [] : [oid]))
    await reader.prefetch(scalars)
    for (const entry of profile.figures ?? []) {
      const isTaken = own.some(
        reading => groupOf(reading.figure) === groupOf(entry.figure) && isInstead(reading, entry),
      )
      if (!isTaken && !before.has(groupOf(entry.figure))) own.push(...(await readEntry(reader, entry)))
    }
    found.push(...own.filter(reading => !before.has(groupOf(reading.figure))))
  }
  return distinct(await offeredNow(reader, found))
}

/** Whether an entry that was found makes another one needless. */
const isInstead = (reading: Reading, entry: VendorFigure): boolean =>
  !ALL_COUNT.includes(entry.figure) && (reading.figure === entry.figure || CPU.includes(entry.figure))

async function readEntry(reader: DeviceReader, entry: VendorFigure): Promise<Reading[]> {
  if (entry.without !== undefined && (await reader.column(entry.without)).size > 0) return []
  const { figure, name = figure } = entry
  const way = {
    ...(entry.absent === undefined ? {} : { absent: entry.absent }),
    ...(entry.trueFor === undefined ? {} : { trueFor: entry.trueFor }),
    ...(entry.pattern === undefined ? {} : { pattern: entry.pattern }),
  }
  const scale = entry.scale ?? 1
  if (entry.oid !== undefined) {
    const isThere = (await reader.value(entry.oid)) !== undefined
    return isThere ? [{ figure, oid: entry.oid, name, row: '', scale, ...way }] : []
  }
  const column = entry.column ?? ''
  const rows = await reader.column(column)
  if (rows.size === 0) return []
  const none = new Map<string, SnmpValue>()
  const names = entry.names === undefined ? none : await reader.column(entry.names)
  const units = entry.units === undefined ? none : await reader.column(entry.units)
  const chosen = entry.where === undefined ? none : await reader.column(entry.where.column)
  const named = entry.named === undefined ? undefined : new RegExp(entry.named, 'u')
  return [...rows.keys()].flatMap((row): Reading[] => {
    const label = nameAt(names, row)
    if (entry.where !== undefined && !isOneOf(chosen.get(row), entry.where.is)) return []
    if (named !== undefined && !named.test(label ?? '')) return []
    const unit = units.get(row)
    const factor = entry.units === undefined ? 1 : ((unit && numberOf(unit)) ?? 0)
    if (factor <= 0) return []
    return [{ figure, oid: `${column}.${row}`, name: label ?? `${name} ${row}`, row, scale: scale * factor, ...way }]
  })
}

/** Tables that hang together may have rows of different depth: a radio's name may stand under the one of its device. */
function nameAt(names: ReadonlyMap<string, SnmpValue>, row: string): string | undefined {
  for (let shorter = row; shorter !== ''; shorter = shorter.slice(0, Math.max(shorter.lastIndexOf('.'), 0))) {
    const value = names.get(shorter)
    if (value !== undefined) return textOf(value)
  }
  return undefined
}

function isOneOf(value: SnmpValue | undefined, wanted: readonly (number | string)[]): boolean {
  if (value === undefined) return false
  const number = numberOf(value)
  const text = textOf(value)
  return wanted.some(one => (typeof one === 'number' ? one === number : one === text))
}

/** Only what has a sound value now: a sensor that says "none" is not offered. */
async function offeredNow(reader: DeviceReader, readings: readonly Reading[]): Promise<Reading[]> {
  await reader.prefetch(readings.map(({ oid }) => oid))
  const offered: Reading[] = []
  for (const reading of readings) {
    const value = await reader.value(reading.oid)
    if (value !== undefined && readingOf(reading, value) !== undefined) offered.push(reading)
  }
  return offered
}

/** Names of one figure that stand twice get their row behind them. */
function distinct(readings: readonly Reading[]): Reading[] {
  const seen = new Set<string>()
  return readings.map(reading => {
    const key = (name: string): string => `${reading.figure}\n${name}`
    const name = seen.has(key(reading.name)) ? `${reading.name} #${reading.row || reading.oid}` : reading.name
    seen.add(key(name))
    return { ...reading, name: name.slice(0, 200) }
  })
}
