// What each agent is to watch, put together from the records; with the secrets opened, so it is kept in memory only.
import { createHash } from 'node:crypto'
import type { Assignments } from '../../protocol/assignments.ts'
import type { SnmpCredential } from '../../protocol/snmp.ts'
import { ASSIGNMENT_LISTS, type AssignmentList, SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import type { Records } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { openCredential } from './credential-secrets.ts'
import { probeTargetsOf } from './probe-queries.ts'

export type AssignedLists = { revision: number; assignments: Assignments }

export type AssignmentBook = {
  /** Of these lists all that is assigned to the agent now. */
  of(agentId: string, lists: readonly AssignmentList[]): Promise<AssignedLists>
  /** Call it after the commit that changed what an agent (or, with null, anyone) is to watch. */
  changed(agentId: string | null): void
  /** `listen` is told of each such change. */
  onChange(listen: (agentId: string | null) => void): void
}

export function createAssignmentBook(deps: { records: Records; vault: Vault; now: () => number }): AssignmentBook {
  const known = new Map<string, Promise<Required<Assignments>>>()
  const listeners: ((agentId: string | null) => void)[] = []

  const read = (agentId: string): Promise<Required<Assignments>> => {
    const remembered = known.get(agentId)
    if (remembered !== undefined) return remembered
    const reading = Promise.all([
      readSnmpTargets(deps, agentId),
      probeTargetsOf(deps.records, agentId, deps.now()),
      readAllowedUpgrade(deps.records, agentId),
    ]).then(([snmp, probes, upgrade]) => ({ snmp, probes, upgrade }))
    known.set(agentId, reading)
    // A failure is not remembered.
    reading.catch(() => known.delete(agentId))
    return reading
  }

  return {
    async of(agentId, lists) {
      const all = await read(agentId)
      const assignments: Assignments = {}
      for (const name of ASSIGNMENT_LISTS) if (lists.includes(name)) Object.assign(assignments, { [name]: all[name] })
      return { revision: lists.length === 0 ? 0 : revisionOf(assignments), assignments }
    },
    changed(agentId) {
      if (agentId === null) known.clear()
      else known.delete(agentId)
      for (const listen of listeners) listen(agentId)
    },
    onChange(listen) {
      listeners.push(listen)
    },
  }
}

/** 48 bits of a hash over the content: the same after a restart, another one as soon as anything is different. Never 0. */
export function revisionOf(assignments: Assignments): number {
  const digest = createHash('sha256').update(JSON.stringify(assignments)).digest()
  return digest.readUIntBE(0, 6) || 1
}

/** What an operator's word allows and was not tried in vain since; server/install/upgrade-offer.ts makes the offer of it. */
async function readAllowedUpgrade(records: Records, agentId: string): Promise<Required<Assignments>['upgrade']> {
  const row = await records
    .selectFrom('agent')
    .select(['bundle_sequence', 'upgrade_to', 'upgrade_failed', 'upgrade_again'])
    .where('id', '=', agentId)
    .executeTakeFirst()
  const { bundle_sequence: own = null, upgrade_to: allowed = null, upgrade_failed: failed } = row ?? {}
  if (own === null || allowed === null || allowed <= own) return []
  return allowed === failed && row?.upgrade_again !== 1 ? [] : [{ sequence: allowed }]
}

async function readSnmpTargets(
  deps: { records: Records; vault: Vault },
  agentId: string,
): Promise<Required<Assignments>['snmp']> {
  const rows = await deps.records
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .innerJoin('credential', 'credential.id', 'polled_device.credential_id')
    .selectAll('polled_device')
    .select(['credential.sealed'])
    .where('agent_id', '=', agentId)
    .where('device.removed_at', 'is', null)
    .orderBy('device_id')
    .limit(SNMP_LIMITS.targets)
    .execute()
  const opened = new Map<string, SnmpCredential>()
  return rows.map(row => {
    const { credential_id: id, sealed } = row
    const credential = opened.get(id) ?? openCredential(deps.vault, { id, sealed })
    opened.set(id, credential)
    return {
      ...{ deviceId: row.device_id, address: row.address, port: row.port, credential },
      ...{ intervalMs: row.interval_ms, timeoutMs: row.timeout_ms, retries: row.retries, trapPort: row.trap_port },
    }
  })
}
