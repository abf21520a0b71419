// The door for jobs that call an address: which job is it, does it not call too often, and then onto the disk.

import { detailOf, type PingStep } from '../backups/fold-pings.ts'
import { createPingTokens } from '../backups/ping-tokens.ts'
import { createPingWriter } from '../backups/ping-writer.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records } from '../stores/records/records.ts'
import { createThrottle } from './throttle.ts'

export type Pings = {
  /** `kept`: it is on the disk. Rejects when it could not be written: then the job must call again. */
  take(ping: {
    token: string
    step: PingStep
    /** The end of what the job said; read only from who has an address. */
    text: () => Promise<string>
    at: number
  }): Promise<{ kind: 'kept' } | { kind: 'unknown' } | { kind: 'too-many'; waitMs: number }>
  /** Call it after the commit that gave a job another token. */
  forgetTokens(): void
}

/** A job that pings more often than this is a loop. */
const PINGS_PER_JOB = { ratePerS: 2, burst: 100 }

export function createPings(deps: { records: Records; changes: ChangeFeed }): Pings {
  const tokens = createPingTokens(deps)
  const writer = createPingWriter(deps)
  const throttle = createThrottle(PINGS_PER_JOB)
  return {
    async take({ token, step, text, at }) {
      const jobId = await tokens.find(token)
      if (jobId === null) return { kind: 'unknown' }
      const waitMs = throttle.take(jobId, at)
      if (waitMs > 0) return { kind: 'too-many', waitMs }
      await writer.add({ jobId, at, step, detail: detailOf(await text()) })
      return { kind: 'kept' }
    },
    forgetTokens: () => tokens.forget(),
  }
}
