// The wall: a tile for each device, and the incidents that are open.
import { z } from 'zod'
import { incidentSummary } from './incident-views.ts'
import { instant, recordId } from './shapes.ts'
import { DEVICE_KINDS } from './snmp-words.ts'
import { SEVERITIES, SUBJECT_STATES } from './vocabulary.ts'

export const serverTile = z.strictObject({
  id: recordId,
  slug: z.string(),
  name: z.string(),
  kind: z.enum(DEVICE_KINDS),
  state: z.enum(SUBJECT_STATES),
  stateSince: instant.nullable(),
  /** Whether probes reach it now: then its state does not rest on its samples alone. */
  isReached: z.boolean(),
  /** Planned work covers it now; its state is told all the same. */
  inMaintenance: z.boolean(),
  /** Time of the newest sample; null when none ever came. The page shows its age. */
  lastSampleAt: instant.nullable(),
  intervalMs: z.int(),
  /** An agent elsewhere asks it: it has a page of its own as a device of the network. */
  isPolled: z.boolean(),
  /** A recording that is played: every screen says so. */
  simulated: z.boolean(),
  cpuRatio: z.number().nullable(),
  memoryRatio: z.number().nullable(),
  fullestFilesystem: z.strictObject({ mountpoint: z.string(), usedRatio: z.number() }).nullable(),
  /** Interfaces that are up, of those that are there; null where nobody tells. */
  ports: z.strictObject({ up: z.int(), total: z.int() }).nullable(),
  openIncidents: z.int(),
  acknowledgedIncidents: z.int(),
  worstSeverity: z.enum(SEVERITIES).nullable(),
})
export type ServerTile = z.infer<typeof serverTile>

/** The whole wall at one moment. `epoch` changes with each start of the collector, `seq` with each patch; over HTTP they are "http" and 0, and no patch fits. */
export const wallView = z.strictObject({
  epoch: z.string(),
  seq: z.int(),
  at: instant,
  servers: z.array(serverTile),
  /** Open and acknowledged ones, worst and newest first. */
  incidents: z.array(incidentSummary),
})
export type WallView = z.infer<typeof wallView>
