// Whether a batch follows the wire contract, as protocol/batch.ts writes it, at a tenth of the price: a collector looks at
// a thousand of them a second. It only ever says yes or no; what is wrong is told by the schemas.
import { BATCH_LIMITS, type Batch, batch, WIRE_VERSION } from '../../protocol/batch.ts'

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/
const FACT = /^[a-z0-9][a-zA-Z0-9_.:-]{0,199}$/
const LONG_INTEGER = /^-?\d{1,20}$/
const LATEST_INSTANT = 8_640_000_000_000_000
const LONGEST_GROWTH_MS = 31 * 24 * 3_600_000

type Fields = Record<string, unknown>

/** For what came out of JSON.parse. Yes exactly where the schema says yes, `__proto__` as a label apart, which is a no. */
export function isWellFormed(value: unknown): value is Batch {
  if (!isFields(value)) return false
  let known = 6
  if (value.facts !== undefined) {
    known += 1
    if (!isList(value.facts, 0, BATCH_LIMITS.facts, isFact)) return false
  }
  return (
    hasOnly(value, known) &&
    value.wire === WIRE_VERSION &&
    isText(value.agentVersion, 50) &&
    value.agentVersion !== '' &&
    batch.shape.spool.safeParse(value.spool).success &&
    isWhole(value.number, 1, Number.MAX_SAFE_INTEGER) &&
    isWhole(value.intervalMs, 100, 3_600_000) &&
    isList(value.series, 0, BATCH_LIMITS.series, isSeries)
  )
}

function isSeries(value: unknown): boolean {
  if (!isFields(value)) return false
  const { kind, metric, labels } = value
  if (kind !== 'gauge' && kind !== 'delta') return false
  if (!hasOnly(value, labels === undefined ? 3 : 4)) return false
  if (typeof metric !== 'string' || !METRIC.test(metric)) return false
  if (kind === 'delta' && !metric.endsWith('_total')) return false
  if (labels !== undefined && !areLabels(labels)) return false
  return isList(value.points, 1, BATCH_LIMITS.pointsPerSeries, kind === 'gauge' ? isReading : isGrowth)
}

function areLabels(value: unknown): boolean {
  if (!isFields(value) || Object.hasOwn(value, '__proto__')) return false
  for (const name in value) if (!LABEL.test(name) || !isText(value[name], 1024)) return false
  return true
}

function isReading(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isInstant(value[0]) && isNumber(value[1])
}

function isGrowth(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3 || !isInstant(value[0]) || !isNumber(value[1])) return false
  return isGrowthTime(value[2])
}

/** Milliseconds over which a counter grew. */
export function isGrowthTime(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= LONGEST_GROWTH_MS
}

function isFact(value: unknown): boolean {
  if (!isFields(value) || !hasOnly(value, 3) || !isInstant(value.at)) return false
  if (typeof value.name !== 'string' || !FACT.test(value.name)) return false
  return typeof value.value === 'boolean' || Number.isFinite(value.value) || isText(value.value, 4096)
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value) || (typeof value === 'string' && LONG_INTEGER.test(value))
}

export function isInstant(value: unknown): boolean {
  return isWhole(value, 0, LATEST_INSTANT)
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length <= longest
}

function isList(value: unknown, least: number, most: number, isGood: (item: unknown) => boolean): boolean {
  if (!Array.isArray(value) || value.length < least || value.length > most) return false
  for (const item of value) if (!isGood(item)) return false
  return true
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** All that are looked at are there; one more field is one too many. */
function hasOnly(value: Fields, known: number): boolean {
  let fields = 0
  for (const _name in value) fields += 1
  return fields === known
}
