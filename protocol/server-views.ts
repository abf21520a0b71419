// The page of a server, and its graphs.
import { z } from 'zod'
import { availabilityView, stateInterval } from './availability-views.ts'
import { incidentSummary } from './incident-views.ts'
import { verdictView } from './rule-views.ts'
import { instant, labels, recordId } from './shapes.ts'
import { REPLACED } from './vocabulary.ts'
import { serverTile } from './wall-views.ts'

/** What is in the collector's memory of a server: told to its open pages as it comes. */
export const serverFigures = z.strictObject({
  agent: z
    .strictObject({
      id: recordId,
      version: z.string(),
      enrolledAt: instant,
      lastContactAt: instant.nullable(),
      /** Collector's clock minus agent's clock. */
      skewMs: z.number().nullable(),
      revoked: z.boolean(),
      sources: z.array(
        z.strictObject({ name: z.string(), state: z.enum(['ok', 'failing']), durationS: z.number().nullable() }),
      ),
      spool: z.strictObject({
        bytes: z.number().nullable(),
        /** How long it takes until the oldest must go, if nothing is delivered. */
        secondsLeft: z.number().nullable(),
        droppedBatches: z.number().nullable(),
      }),
    })
    .nullable(),
  bootedAt: instant.nullable(),
  filesystems: z.array(
    z.strictObject({
      mountpoint: z.string(),
      fstype: z.string(),
      sizeBytes: z.number(),
      availBytes: z.number(),
      usedRatio: z.number(),
    }),
  ),
  interfaces: z.array(
    z.strictObject({ device: z.string(), receiveBps: z.number().nullable(), transmitBps: z.number().nullable() }),
  ),
  verdicts: z.array(verdictView),
})
export type ServerFigures = z.infer<typeof serverFigures>

export const serverView = z.strictObject({
  tile: serverTile,
  ...serverFigures.shape,
  /** Whether its agent took the place of the collector's own, whose polls and probes nobody does since then. */
  replaced: z.enum(REPLACED),
  /** Whose it is and where it stands; null while nobody said so. */
  place: z.strictObject({ agencyId: recordId.nullable(), siteId: recordId.nullable() }),
  facts: z.array(
    z.strictObject({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]), at: instant }),
  ),
  /** Every metric that the server sends now, by name: what a page can draw that knows none of them. */
  metrics: z.array(z.strictObject({ metric: z.string(), series: z.int(), newestAt: instant })),
  incidents: z.array(incidentSummary),
  /** Last 24 hours, oldest first, without holes. */
  history: z.array(stateInterval),
  availability: availabilityView,
})
export type ServerView = z.infer<typeof serverView>

/** Points carry null where nothing was measured: a gap is a gap. */
export const rangeView = z.strictObject({
  from: instant,
  to: instant,
  stepMs: z.int(),
  series: z.array(
    z.strictObject({
      metric: z.string(),
      labels,
      agentId: recordId,
      points: z.array(z.tuple([instant, z.number().nullable()])),
    }),
  ),
})
export type RangeView = z.infer<typeof rangeView>
