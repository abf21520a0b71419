// Tables of devices that agents poll, as kysely sees them. Lists and objects are JSON.
import type { NEIGHBOUR_PROTOCOLS, SENSOR_KINDS, SNMP_VERSIONS, WireEventKind } from '../../../protocol/snmp-words.ts'

export type PolledDeviceTables = {
  credential: {
    id: string
    name: string
    version: (typeof SNMP_VERSIONS)[number]
    /** What of it may be shown. */
    open_part: string
    /** All of it, sealed by the vault. */
    sealed: string
    created_at: number
    changed_at: number
    removed_at: number | null
  }
  polled_device: {
    device_id: string
    agent_id: string
    credential_id: string
    address: string
    port: number
    interval_ms: number
    timeout_ms: number
    retries: number
    trap_port: number | null
    /** Since when this agent polls it. */
    assigned_at: number
    /** Newest attempt, and newest one that succeeded, by the collector's clock. */
    last_polled_at: number | null
    last_heard_at: number | null
    discovered_at: number | null
    /** Serial, else engine id, else base MAC, with its kind before it: "serial:HFG0987". */
    identity_key: string | null
    /** DeviceIdentity. */
    identity: string | null
    not_offered: string | null
    /** What was found that can't be the device that is on record; a person decides. */
    conflict: string | null
  }
  poll_assignment: { device_id: string; agent_id: string; from_ms: number; until_ms: number | null }
  interface: {
    id: string
    device_id: string
    name: string
    alias: string
    /** ifIndex as of the last discovery. */
    position: number
    type: number
    speed_bps: number | null
    mac: string | null
    addresses: string
    counters: '64-bit' | '32-bit' | 'none'
    first_seen_at: number
    seen_at: number
    gone_at: number | null
  }
  interface_name: { interface_id: string; from_ms: number; until_ms: number | null; name: string; alias: string }
  interface_state: { interface_id: string; from_ms: number; state: string }
  neighbour: {
    device_id: string
    position: number
    protocol: (typeof NEIGHBOUR_PROTOCOLS)[number]
    interface_name: string | null
    name: string
    port: string | null
    address: string | null
    platform: string | null
  }
  device_sensor: { device_id: string; sensor: string; kind: (typeof SENSOR_KINDS)[number] }
  device_change: {
    id: string
    device_id: string
    at: number
    what: string
    part: string
    before: string | null
    after: string | null
  }
  sweep: {
    id: string
    /** What an agent works on now; another one after it went on. */
    task_id: string
    agent_id: string
    /** TaskRequest. */
    request: string
    asked_at: number
    heard_at: number
    ended_at: number | null
    /** Addresses that were asked before its newest task. */
    asked_before: number
    asked: number
    total: number
    /** As in Discovered, each address once. */
    found: string
  }
  device_event: { device_id: string; at: number; kind: WireEventKind; part: string }
}
