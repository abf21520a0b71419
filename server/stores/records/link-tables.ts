// Tables of links, of what was seen of them and of planned work, as kysely sees them. Lists and objects are JSON.
import type { DeviceKind } from '../../../protocol/snmp-words.ts'
import type { LinkPeer, MaintenanceState, MaintenanceSubjectKind, OutageCause } from '../../../protocol/vocabulary.ts'

export type LinkTables = {
  provider: {
    id: string
    slug: string
    name: string
    contact: string
    created_at: number
    removed_at: number | null
  }
  /** `definition` is JSON of a ServiceCalendar. */
  service_calendar: { id: string; name: string; definition: string; created_at: number; removed_at: number | null }
  link: {
    id: string
    slug: string
    name: string
    peer: LinkPeer
    /** Who is at the far end when that is no site of ours. */
    peer_name: string
    /** Whom it serves. */
    agency_id: string | null
    provider_id: string | null
    contract_number: string
    committed_bps: number | null
    near_site_id: string | null
    near_device_id: string | null
    near_interface: string | null
    far_site_id: string | null
    far_device_id: string | null
    far_interface: string | null
    /** Of the far end; it is pinged. */
    address: string | null
    calendar_id: string | null
    created_at: number
    removed_at: number | null
  }
  /** A view: devices, links and registered services alike. */
  subject: {
    id: string
    slug: string
    name: string
    kind: DeviceKind | 'link' | 'service'
    agency_id: string | null
    site_id: string | null
    created_at: number
    removed_at: number | null
  }
  /** "The child is reached through the parent", from when to when. */
  parent: {
    child_id: string
    parent_id: string
    source: 'person' | 'neighbour'
    from_ms: number
    until_ms: number | null
  }
  /** Of whom a person said through what they are reached, also when that is nothing. */
  parents_said: { child_id: string; at_ms: number }
  probe: {
    id: string
    subject_id: string
    name: string
    decides: 'state' | 'nothing'
    /** JSON of timing and check. */
    settings: string
    /** JSON list; empty for the agent beside the collector. */
    agent_ids: string
    created_at: number
    removed_at: number | null
  }
  /** What one observer (agent and probe) saw of a subject: pieces of its own rhythm without a gap. */
  sighting: {
    subject_id: string
    observer: string
    from_ms: number
    to_ms: number
    vote: 'up' | 'down'
    /** How long a gap after it still counts as seen. */
    patience_ms: number
  }
  boot_run: { subject_id: string; booted_at: number; seen_from: number; seen_to: number }
  maintenance: {
    id: string
    title: string
    reason: string
    /** JSON of a MaintenanceTiming. */
    timing: string
    state: MaintenanceState
    from_ms: number
    until_ms: number | null
    declared_at: number
    declared_by: string
    decided_at: number | null
    decided_by: string | null
    /** When somebody ended or withdrew it. */
    ended_at: number | null
  }
  maintenance_subject: { maintenance_id: string; kind: MaintenanceSubjectKind; id: string }
  outage_remark: {
    id: string
    subject_id: string
    /** A moment inside the outage: its ends may move when late data come. */
    at_ms: number
    cause: OutageCause | null
    reason: string
    ticket: string | null
    noted_at: number
    noted_by: string
  }
}
