import type { FigureName } from '../../../../protocol/vendor-profile.ts'
import { numberOf, type Oid, textOf } from '../value.ts'
import type { DeviceReader } from './device-reader.ts'
import type { Reading } from './reading.ts'

/** entPhySensorType (RFC 3433): what is no figure of ours (hertz, dBm, true or false) is left out. */
const FIGURES: Record<number, { figure: FigureName; scale: number }> = {
  3: { figure: 'voltage-volts', scale: 1 },
  4: { figure: 'voltage-volts', scale: 1 },
  5: { figure: 'current-amps', scale: 1 },
  6: { figure: 'power-watts', scale: 1 },
  8: { figure: 'temperature-celsius', scale: 1 },
  9: { figure: 'humidity-ratio', scale: 0.01 },
  10: { figure: 'fan-rpm', scale: 1 },
}
const ENTITY_NAME = '1.3.6.1.2.1.47.1.1.1.1.7'
const ENTITY_DESCR = '1.3.6.1.2.1.47.1.1.1.1.2'
const UNITS = 9
const OK = 1

/** entPhySensorScale: 9 is units, each step three places; entPhySensorPrecision: so many places after the point. */
export function sensorScale(scale: number, precision: number): number {
  return Number(`1e${3 * (scale - UNITS) - precision}`)
}

/** The sensors of a table like entPhySensorTable that say they work. */
export async function readEntitySensors(reader: DeviceReader, entry: Oid): Promise<Reading[]> {
  const types = await reader.column(`${entry}.1`)
  if (types.size === 0) return []
  const scales = await reader.column(`${entry}.2`)
  const precisions = await reader.column(`${entry}.3`)
  const values = await reader.column(`${entry}.4`)
  const states = await reader.column(`${entry}.5`)
  const names = await reader.column(ENTITY_NAME)
  const descriptions = await reader.column(ENTITY_DESCR)
  const number = (column: typeof types, row: string): number | undefined => {
    const value = column.get(row)
    return value && numberOf(value)
  }
  return [...types].flatMap(([row, type]): Reading[] => {
    const known = FIGURES[numberOf(type) ?? 0]
    if (known === undefined || !values.has(row) || (number(states, row) ?? OK) !== OK) return []
    const label = [names, descriptions].map(column => column.get(row)).find(one => one && textOf(one) !== undefined)
    return [
      {
        figure: known.figure,
        oid: `${entry}.4.${row}`,
        name: (label && textOf(label)) ?? `sensor ${row}`,
        row,
        scale: known.scale * sensorScale(number(scales, row) ?? UNITS, number(precisions, row) ?? 0),
      },
    ]
  })
}
