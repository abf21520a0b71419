import type { FigureName } from '../../../../protocol/vendor-profile.ts'
import { numberOf, type Oid, type SnmpValue, textOf } from '../value.ts'

/** One variable of a device that is a figure of ours. */
export type Reading = {
  figure: FigureName
  oid: Oid
  /** Of a sensor or radio; unique within its figure. */
  name: string
  /** Row of its table; "" for a scalar. */
  row: string
  scale: number
  absent?: readonly number[]
  trueFor?: readonly number[]
  pattern?: string
}

/** What a value says as this reading, in the figure's own unit; undefined when it says that there is none. */
export function readingOf(reading: Reading, value: SnmpValue): number | undefined {
  const text = reading.pattern === undefined ? undefined : textOf(value)
  const raw =
    reading.pattern === undefined
      ? numberOf(value)
      : Number(new RegExp(reading.pattern, 'u').exec(text ?? '')?.[1] ?? Number.NaN)
  if (raw === undefined || !Number.isFinite(raw) || reading.absent?.includes(raw)) return undefined
  if (reading.trueFor !== undefined) return reading.trueFor.includes(raw) ? 1 : 0
  const scaled = raw * reading.scale
  return isPlausible(reading.figure, scaled) ? Number(scaled.toPrecision(12)) : undefined
}

/** A share above 1 or a room at 500 degrees is a device that does not know. */
function isPlausible(figure: FigureName, value: number): boolean {
  if (figure.endsWith('-ratio')) return value >= 0 && value <= 1.5
  if (figure.endsWith('-celsius')) return value > -60 && value < 250
  return figure === 'power-watts' || figure === 'current-amps' || figure === 'voltage-volts' || value >= 0
}
