// Points and how a careful client writes them: for properties, and for asking a real InfluxDB the same.
import fc from 'fast-check'
import type { FieldValue, LinePoint } from '../../../server/ingest/line-protocol.ts'

type WrittenPoint = Omit<LinePoint, 'line'>

// Escapes, quotes, letters beyond ASCII; no backslash before the end, where InfluxDB itself can't tell what it means.
const letters = fc.constantFrom('a', 'Z', '9', '_', '-', '.', ',', ' ', '=', '"', 'é', '温', '/', ':')
const name = fc
  .tuple(fc.constantFrom('a', 'm', 'z', '_'), fc.string({ unit: letters, maxLength: 8 }))
  .map(parts => parts.join(''))
const text = fc.string({
  unit: fc.oneof(letters, fc.constantFrom('\\', '\n', '\t', "'", '#')),
  maxLength: 12,
})
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, 0.1, -1.5, 1e300, 5e-324, 2 ** 53),
)
/** Written with an "i" behind; those that a double can hold come back as numbers. */
export const integer = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .filter(value => !Number.isSafeInteger(Number(value)))

const value: fc.Arbitrary<FieldValue> = fc.oneof(
  number.map(one => one + 0),
  integer,
  fc.boolean(),
  text,
)

export const linePoint: fc.Arbitrary<WrittenPoint> = fc.record({
  measurement: name,
  tags: fc.uniqueArray(fc.tuple(name, name), { selector: ([tag]) => tag, maxLength: 4 }),
  fields: fc.uniqueArray(fc.tuple(name, value), { selector: ([field]) => field, minLength: 1, maxLength: 4 }),
  at: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: null }),
})

const escaped = (part: string, letters: RegExp) => part.replace(letters, '\\$&')
const NAME = /[, =]/g

/** With its time as it stands, in the unit of `precision`. */
export function lineOf({ measurement, tags, fields, at }: WrittenPoint): string {
  const tagText = tags.map(([tag, written]) => `,${escaped(tag, NAME)}=${escaped(written, NAME)}`).join('')
  const fieldText = fields.map(([field, written]) => `${escaped(field, NAME)}=${valueText(written)}`).join(',')
  return `${escaped(measurement, /[, ]/g)}${tagText} ${fieldText}${at === null ? '' : ` ${at}`}`
}

function valueText(written: FieldValue): string {
  if (typeof written === 'string') return `"${escaped(written, /["\\]/g)}"`
  return typeof written === 'bigint' ? `${written}i` : String(written)
}
