// Which job calls an address. Only hashes are kept.
import { hashSecret } from '../platform/ids.ts'
import type { Records } from '../stores/records/records.ts'

export type PingTokens = {
  /** Id of the job; null when nobody has this token. From memory after the first time. */
  find(token: string): Promise<string | null>
  /** Call it after the commit that gave a job another token. */
  forget(): void
}

const KEPT_TOKENS = 50_000
const TOKEN = /^pantau_ping_[A-Za-z0-9_-]{43}$/

export function createPingTokens(deps: { records: Records }): PingTokens {
  const byHash = new Map<string, string>()
  let forgotten = 0
  return {
    async find(token) {
      if (!TOKEN.test(token)) return null
      const hash = hashSecret(token)
      const known = byHash.get(hash)
      if (known !== undefined) return known
      const forgottenBefore = forgotten
      const row = await deps.records
        .selectFrom('backup_job')
        .select('id')
        .where('token_hash', '=', hash)
        .executeTakeFirst()
      if (row === undefined) return null
      // What was read before a token was replaced may be old by now.
      if (forgotten === forgottenBefore && byHash.size < KEPT_TOKENS) byHash.set(hash, row.id)
      return row.id
    },
    forget() {
      forgotten += 1
      byHash.clear()
    },
  }
}
