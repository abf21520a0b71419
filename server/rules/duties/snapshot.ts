// All that duties are judged by, at one moment. Judging is pure over it, so the past can be judged again and a change of
// parameters can be tried out.
import type { SubjectKind } from '../../../protocol/duty-words.ts'
import type { Availability } from '../../availability/availability.ts'
import type { RecoveryCentre } from '../../backups/recovery-centre.ts'
import type { RegisterIndex } from './register-index.ts'

/** What a duty can be judged on. Those that no inventory has yet come from the registers. */
export type DutySubject = {
  id: string
  kind: SubjectKind
  name: string
  /** "data-centre", "website" ...; null where nobody said. */
  role: string | null
  agencyId: string | null
  siteId: string | null
  /** A PD Mandiri TIK, or what belongs to one. */
  independent: boolean
  coordinates: { latitude: number; longitude: number } | null
  /** Fields of the register that it comes from, or facts. */
  fields: Readonly<Record<string, unknown>>
  /** When it came to be known, UTC ms. */
  since: number
}

export type Window = { from: number; to: number }

/** What was observed of a link, a service or a device over a window. */
export type Observed = { ratio: number | null; observedMs: number; sources: readonly string[] }

/** Of the busier direction. */
export type UsedBps = { p95: number; max: number; mean: number }

/** The state of one dataset's copies, as the backups room tells it. */
export type BackupState = {
  lastGoodAt: number | null
  sizeRatio: number | null
  lastRestoredAt: number | null
  copies: readonly { place: string; siteId: string | null; country: string | null }[]
  /** What the urgency class of the data set asks, for what a regulation's pack leaves open. */
  limits?: { maxAgeHours: number; leastSizeRatio: number; restoreTestDays: number }
}

/** A change that was seen on a device and may be covered by a change record. */
export type SeenChange = { at: number; what: string }

/**
 * What other rooms bring. Each answers null while nobody watches that: then the duty is `unmeasured`, never met.
 */
export type DutyPorts = {
  /** Time in which a server spoke, of the time in which it could have been heard. */
  serverAvailability(
    serverId: string,
    window: Window,
  ): Pick<Availability, 'from' | 'to' | 'upMs' | 'outageMs' | 'plannedMs' | 'unobservedMs' | 'uptimeRatio'> | null
  /** Since when the oldest security update waits on a server; null inside where none does. */
  securityUpdates(subjectId: string): { pendingSince: number | null } | null
  link(subjectId: string, window: Window): Observed | null
  /** What went over a link in the last `windowMs` by the counters of its router; of an agency what was granted to it. */
  bandwidth(subjectId: string, windowMs: number): { usedBps: UsedBps | null; allocatedBps: number | null } | null
  service(subjectId: string, window: Window): Observed | null
  /** Days until the newest certificate of a service or server ends, and whether its chain holds. */
  certificate(subjectId: string): { daysLeft: number; chainValid: boolean } | null
  domainResolves(subjectId: string): boolean | null
  /** Time of the newest item of a site. */
  newestContentAt(subjectId: string): number | null
  backup(subjectId: string): BackupState | null
  /** Seen changes of configuration or watched files, newest first. */
  configurationChanges(subjectId: string): readonly SeenChange[] | null
  fileChanges(subjectId: string): readonly SeenChange[] | null
  /** Devices that were seen at a place and stand in no inventory. */
  unknownDevices(subjectId: string): readonly SeenChange[] | null
  /** Whether an agency's site goes through the government's network. */
  path(subjectId: string): { throughGovernment: boolean; checkedAt: number } | null
  /** Controls that were looked for on a server, e.g. "host-firewall": true; what was not looked for is left out. */
  posture(subjectId: string): Readonly<Record<string, boolean>> | null
  privilegedAccounts(subjectId: string): readonly string[] | null
  /** What stands at a recovery centre, what answers there and how far behind it is. */
  drc(siteId: string): RecoveryCentre | null
  /** Incidents of a subject with the times that duties ask for. */
  incidents(subjectId: string, window: Window): readonly DutyIncident[] | null
}

export type DutyIncident = {
  number: number
  openedAt: number
  reportedAt: number | null
  ticketAt: number | null
  severity: string
}

export type Snapshot = {
  at: number
  timeZone: string
  /** The day in the city's time zone. */
  today: string
  subjects: readonly DutySubject[]
  subject(id: string): DutySubject | undefined
  registers: RegisterIndex
  ports: DutyPorts
}

/** The government as a whole, as a subject. */
export const CITY_ID = '00000000-0000-7000-8000-000000000001'

/** Ports of a house in which nobody watches anything yet; `more` are those that are there. */
export function portsWith(more: Partial<DutyPorts>): DutyPorts {
  const nothing = () => null
  return {
    ...{ serverAvailability: nothing, link: nothing, bandwidth: nothing, service: nothing, certificate: nothing },
    ...{ domainResolves: nothing, newestContentAt: nothing, backup: nothing, configurationChanges: nothing },
    ...{ fileChanges: nothing, unknownDevices: nothing, path: nothing, posture: nothing, privilegedAccounts: nothing },
    ...{ drc: nothing, incidents: nothing, securityUpdates: nothing },
    ...more,
  }
}
