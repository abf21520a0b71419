// What agents and probes tell now, as duties ask for it. Only what a duty in force looks at is read: a look at the past of a
// thousand lines is not free.
import type { CurrentValues } from '../../stores/current-values.ts'
import type { Records } from '../../stores/records/records.ts'
import type { SeriesStore } from '../../stores/series/series-store.ts'
import { type Obligation, parameterOf } from '../pack.ts'
import { readIncidents } from './read-incidents.ts'
import { readNetwork } from './read-network.ts'
import { readProbeWords } from './read-probes.ts'
import { readBandwidth, readSecurityUpdates } from './read-series.ts'
import type { DutyPorts, DutySubject } from './snapshot.ts'

export type House = {
  current: CurrentValues
  series: Pick<SeriesStore, 'raw' | 'range'>
  /** The duties in force. */
  rules: readonly Pick<Obligation, 'measure' | 'parameters'>[]
}

const MINUTE_MS = 60_000

export async function readWatched(
  house: House & { records: Records; subjects: readonly DutySubject[]; at: number },
): Promise<Partial<DutyPorts>> {
  const { records, rules, at } = house
  const asked = new Set(rules.map(({ measure }) => measure))
  const ports: Partial<DutyPorts> = {}
  if (asked.has('cert_expiry') || asked.has('domain_suffix')) Object.assign(ports, await readProbeWords(house))
  if (asked.has('bandwidth_utilisation') || asked.has('bandwidth_allocation')) {
    const windows = rules.map(rule => (parameterOf(rule, 'evaluationWindowMinutes') ?? 0) * MINUTE_MS)
    ports.bandwidth = await readBandwidth(house, Math.max(MINUTE_MS, ...windows))
  }
  if (asked.has('security_posture')) ports.securityUpdates = await readSecurityUpdates(house)
  if (['config_hash_change', 'change_record', 'unknown_device'].some(measure => asked.has(measure))) {
    Object.assign(ports, await readNetwork(records, at))
  }
  if (asked.has('incident_log') || asked.has('incident_report_latency')) {
    ports.incidents = await readIncidents(records, at)
  }
  return ports
}
