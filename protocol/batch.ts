import { z } from 'zod'
import { BACKUP_LIMITS } from './backup-words.ts'
import { backupReport } from './backups.ts'
import { instant, labels, metricName, recordId } from './shapes.ts'
import { discovery, wireEvent } from './snmp.ts'
import { SNMP_LIMITS } from './snmp-words.ts'
import { LANES } from './vocabulary.ts'
import { BATCH_LIMITS, LANE_HEADER, SENT_AT_HEADER, WIRE_VERSION } from './wire.ts'

export { BATCH_LIMITS, LANE_HEADER, SENT_AT_HEADER, WIRE_VERSION }

export const batchHeaders = z.object({
  [SENT_AT_HEADER]: z.coerce.number().pipe(instant),
  [LANE_HEADER]: z.enum(LANES),
})

/** An integer above 2^53 travels as a string of digits. */
const wireNumber = z.union([z.number(), z.string().regex(/^-?\d{1,20}$/)])

/**
 * The device that it is about, when that is not the agent's own: one that the collector assigned to this agent. Another one
 * is refused by name.
 */
const subject = recordId.optional()

const gaugeSeries = z.strictObject({
  kind: z.literal('gauge'),
  subject,
  metric: metricName,
  labels: labels.optional(),
  /** [instant, value] */
  points: z
    .array(z.tuple([instant, wireNumber]))
    .min(1)
    .max(BATCH_LIMITS.pointsPerSeries),
})

/** What a counter grew by, and over which time by the device's own uptime. The collector divides; nobody guesses. */
const deltaSeries = z.strictObject({
  kind: z.literal('delta'),
  subject,
  metric: metricName.regex(/_total$/),
  labels: labels.optional(),
  /** [instant, growth, milliseconds over which it grew] */
  points: z
    .array(
      z.tuple([
        instant,
        wireNumber,
        z
          .number()
          .positive()
          .max(31 * 24 * 3_600_000),
      ]),
    )
    .min(1)
    .max(BATCH_LIMITS.pointsPerSeries),
})

export const wireSeries = z.discriminatedUnion('kind', [gaugeSeries, deltaSeries])
export type WireSeries = z.infer<typeof wireSeries>

/** A slowly changing truth about the device, by dotted name ("os.distro"). */
export const wireFact = z.strictObject({
  at: instant,
  subject,
  name: z.string().regex(/^[a-z0-9][a-zA-Z0-9_.:-]{0,199}$/),
  value: z.union([z.string().max(4096), z.number(), z.boolean()]),
})
export type WireFact = z.infer<typeof wireFact>

/** What an agent delivers in one POST /api/v1/ingest. Keyed by (agent, spool, number): delivered twice counts once. */
export const batch = z.strictObject({
  wire: z.literal(WIRE_VERSION),
  agentVersion: z.string().min(1).max(50),
  /** Instance of the spool: a new one when the agent's data directory was lost or copied. */
  spool: z.uuid(),
  number: z.int().min(1),
  /** The agent's own rhythm: three of these without a word and its device is `unknown`. */
  intervalMs: z.int().min(100).max(3_600_000),
  series: z.array(wireSeries).max(BATCH_LIMITS.series),
  facts: z.array(wireFact).max(BATCH_LIMITS.facts).optional(),
  /** What was found of devices that this agent polls. */
  discoveries: z.array(discovery).max(SNMP_LIMITS.discoveries).optional(),
  events: z.array(wireEvent).max(SNMP_LIMITS.events).optional(),
  /** What was seen of backups, and how their runs ended. */
  backups: z.array(backupReport).max(BACKUP_LIMITS.reports).optional(),
})
export type Batch = z.infer<typeof batch>

export const batchReceipt = z.strictObject({
  acknowledged: z.int(),
  /** Whether this number had been delivered before. */
  duplicate: z.boolean(),
  receivedAt: instant,
})
export type BatchReceipt = z.infer<typeof batchReceipt>

/** POST /api/v1/enrol, with an enrolment token as bearer. */
export const enrolment = z.strictObject({
  hostname: z.string().min(1).max(253),
  /** SHA-256 (hex) over "pantau:" and /etc/machine-id, or a kept random one where there is none. */
  machineId: z.string().regex(/^[0-9a-f]{64}$/),
  agentVersion: z.string().min(1).max(50),
})
export type Enrolment = z.infer<typeof enrolment>

export const enrolled = z.strictObject({ agentId: recordId, deviceId: recordId, key: z.string() })
export type Enrolled = z.infer<typeof enrolled>
