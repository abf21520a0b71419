// Keys of agents: a random secret for each, of which the records keep the hash.
import { hashSecret, newSecret } from '../platform/ids.ts'
import type { Records } from '../stores/records/records.ts'

/** `revoked`: the key was good once, and the agent is to be told so. */
export type AgentIdentity = {
  agentId: string
  deviceId: string
  kind: 'noc' | 'remote' | 'writer' | 'push'
  revoked: boolean
  /** Why nothing of it is taken at present; null when all is well. */
  quarantined: string | null
}

export type AgentKeys = {
  /** Who holds this key; null when nobody ever did. From memory after the first time. */
  find(key: string): Promise<AgentIdentity | null>
  /** Call it after the commit that revokes an agent, or gives it another key or device. */
  forget(agentId: string): void
}

const KEPT_KEYS = 20_000

/** `key` is for the agent and shown once, `keyHash` for `agent.key_hash`. */
export function newAgentKey(): { key: string; keyHash: string } {
  const key = newSecret('pantau_agent')
  return { key, keyHash: hashSecret(key) }
}

export function createAgentKeys(deps: { records: Records; keptKeys?: number }): AgentKeys {
  const kept = deps.keptKeys ?? KEPT_KEYS
  const byHash = new Map<string, AgentIdentity>()
  let forgotten = 0
  return {
    async find(key) {
      const keyHash = hashSecret(key)
      const known = byHash.get(keyHash)
      if (known !== undefined) return known
      const forgottenBefore = forgotten
      const row = await deps.records
        .selectFrom('agent')
        .leftJoin('agent_quarantine', 'agent_quarantine.agent_id', 'agent.id')
        .select(['agent.id', 'device_id', 'kind', 'revoked_at', 'agent_quarantine.reason as quarantined'])
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      // Unknown keys are not remembered: a stranger must not push the agents out of memory.
      if (row === undefined) return null
      const identity = {
        ...{ agentId: row.id, deviceId: row.device_id, kind: row.kind },
        ...{ revoked: row.revoked_at !== null, quarantined: row.quarantined },
      }
      // What was read before a revocation may be old by now: it is answered, and read again next time.
      if (forgotten === forgottenBefore) {
        byHash.set(keyHash, identity)
        const oldest = byHash.size > kept ? byHash.keys().next() : undefined
        if (oldest !== undefined && oldest.done !== true) byHash.delete(oldest.value)
      }
      return identity
    },
    forget(agentId) {
      forgotten += 1
      for (const [keyHash, identity] of byHash) if (identity.agentId === agentId) byHash.delete(keyHash)
    },
  }
}
