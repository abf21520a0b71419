// What is known of a vendor's devices, as data: how they are recognised, and where they tell who they are and how they
// fare. A profile is one file in config/vendors/. What the standard MIBs tell is in the profile `generic`, which every
// other one is laid over.
import { z } from 'zod'
import { DEVICE_KINDS } from './snmp-words.ts'

const oid = z
  .string()
  .regex(
    /^[0-2](\.(0|[1-9]\d{0,9})){2,127}$/,
    'must be an OID in numbers, without a dot in front, such as 1.3.6.1.2.1.1.1.0',
  )
const pattern = z.string().refine(
  text => {
    try {
      new RegExp(text, 'u')
      return true
    } catch {
      return false
    }
  },
  { error: 'must be a regular expression' },
)
const kind = z.enum(DEVICE_KINDS)

/** All that stands in it must be so; of several that fit, the most exact one counts. */
const match = z
  .strictObject({
    /** sysObjectID is this or lies below it. */
    sysObjectId: oid.optional(),
    sysDescr: pattern.optional(),
    /** The device has this variable. */
    has: oid.optional(),
  })
  .refine(one => Object.keys(one).length > 0, 'must name sysObjectId, sysDescr or has')

/** Where one piece of the identity stands; the first that gives something counts. */
const source = z
  .strictObject({
    text: z.string().min(1).max(100).optional(),
    oid: oid.optional(),
    /** A column: its first row that is not empty. */
    column: oid.optional(),
    /** Of the text that was read, what the first group of this expression finds. */
    pattern: pattern.optional(),
  })
  .refine(one => [one.text, one.oid, one.column].filter(part => part !== undefined).length === 1, {
    error: 'must have one of text, oid, column',
  })

/** What a reading is: the name says the unit that it has after scaling. */
export const FIGURE_NAMES = [
  ...['cpu-ratio', 'cpu-idle-ratio'],
  ...['memory-total-bytes', 'memory-available-bytes', 'memory-used-bytes', 'memory-reclaimable-bytes'],
  'memory-used-ratio',
  ...['temperature-celsius', 'fan-rpm', 'voltage-volts', 'current-amps', 'power-watts', 'humidity-ratio'],
  ...['ups-on-battery', 'ups-charge-ratio', 'ups-runtime-seconds', 'ups-load-ratio'],
  ...['ups-input-volts', 'ups-output-volts', 'ups-battery-volts', 'ups-battery-celsius'],
  'wireless-clients',
] as const
export type FigureName = (typeof FIGURE_NAMES)[number]

const figure = z
  .strictObject({
    figure: z.enum(FIGURE_NAMES),
    oid: oid.optional(),
    column: oid.optional(),
    /** What a sensor is called; for a column, its rows' numbers come behind it. */
    name: z.string().min(1).max(100).optional(),
    /** Column with the names of the rows. */
    names: oid.optional(),
    /** Only rows in which another column has one of these values. */
    where: z.strictObject({ column: oid, is: z.array(z.union([z.int(), z.string()])).min(1) }).optional(),
    /** Column by which the reading is multiplied, row by row. */
    units: oid.optional(),
    /** Only where the device does not have this column. */
    without: oid.optional(),
    /** Where the reading is a text: what the first group of this expression finds. */
    pattern: pattern.optional(),
    /** Only rows whose name fits. */
    named: pattern.optional(),
    scale: z.number().positive().optional(),
    /** Readings that mean "there is none". */
    absent: z.array(z.number()).optional(),
    /** The figure is 1 for these readings and 0 for all others. */
    trueFor: z.array(z.number()).min(1).optional(),
  })
  .refine(one => (one.oid === undefined) !== (one.column === undefined), 'must have either oid or column')
export type VendorFigure = z.output<typeof figure>

/** What sysDescr tells where it fits: `pattern` may have groups named model, osVersion and serial. */
const description = z.strictObject({ pattern, vendor: z.string().min(1).max(100).optional(), kind: kind.optional() })
export type VendorDescription = z.output<typeof description>

export const vendorProfile = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/, 'must be lower case letters, digits and dashes'),
  title: z.string().min(1).max(100),
  /** Left out for the one profile that fits everything. */
  match: z.array(match).min(1).optional(),
  identity: z.strictObject({
    vendor: z.string().min(1).max(100).optional(),
    /** Where one profile serves several vendors. */
    vendorFrom: z.array(source).optional(),
    /** Left out where a vendor's devices are of many kinds. */
    kind: kind.optional(),
    model: z.array(source).optional(),
    serial: z.array(source).optional(),
    osVersion: z.array(source).optional(),
    baseMac: z.array(source).optional(),
    /** For each part that nothing above tells, the first that fits and has it. */
    descriptions: z.array(description).optional(),
    /** Vendors by their number under 1.3.6.1.4.1 (IANA), for devices that tell no other way. */
    enterprises: z.record(z.string().regex(/^\d{1,10}$/, 'must be a number'), z.string().min(1).max(100)).optional(),
  }),
  /** Tables built like entPhySensorTable (RFC 3433): type, scale, precision, value, state. */
  sensorTables: z.array(oid).optional(),
  /** Those of a name that the device offers; where it offers none, those of `generic` under that name. */
  figures: z.array(figure).optional(),
})
export type VendorProfile = z.output<typeof vendorProfile>
export type IdentitySource = z.output<typeof source>
