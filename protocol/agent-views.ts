// Agents and writers: who delivers, and how one comes in.
import { z } from 'zod'
import { instant, recordId } from './shapes.ts'
import { ARCHITECTURES } from './upgrade.ts'
import { REPLACED } from './vocabulary.ts'

export const agentView = z.strictObject({
  id: recordId,
  deviceId: recordId,
  hostname: z.string(),
  version: z.string(),
  enrolledAt: instant,
  lastContactAt: instant.nullable(),
  skewMs: z.number().nullable(),
  revokedAt: instant.nullable(),
  /** Why nothing of it is taken at present; null when all is well. */
  quarantined: z.string().nullable(),
  /**
   * `noc` is the one that the collector started beside itself, `writer` a host that a writer speaks for, `push` a router
   * that runs a script.
   */
  kind: z.enum(['noc', 'remote', 'writer', 'push']),
  /** Whether a newer bundle is there for it, and may be taken; `none` also for agents that did not come as a bundle. */
  upgrade: z.enum(['none', 'available', 'allowed', 'failed']),
})
export type AgentView = z.infer<typeof agentView>

/** What the settings page needs to show the line that installs an agent. */
export const installView = z.strictObject({
  hindrance: z.enum(['none', 'public-url-missing', 'public-url-plain', 'not-built']),
  /** Fetches the script; a pipe into `sh -s -- --token TOKEN` follows it. Null while something hinders. */
  line: z.string().nullable(),
  version: z.string(),
  architectures: z.array(
    z.strictObject({ arch: z.enum(ARCHITECTURES), state: z.enum(['ready', 'not-built', 'no-node']) }),
  ),
})
export type InstallView = z.infer<typeof installView>

/** Who enrolled with a token, for the page that waits for the first sample. */
export const enrolledView = z.strictObject({
  agents: z.array(
    z.strictObject({
      id: recordId,
      deviceId: recordId,
      hostname: z.string(),
      enrolledAt: instant,
      lastSampleAt: instant.nullable(),
      /** Enrolled on the collector's own machine it took the place of the agent there. */
      replaced: z.enum(REPLACED),
    }),
  ),
})
export type EnrolledView = z.infer<typeof enrolledView>

/** A program that delivers by line protocol for any number of hosts. What it did is counted since the collector's start. */
export const writerView = z.strictObject({
  id: recordId,
  name: z.string(),
  intervalMs: z.int(),
  maxHosts: z.int(),
  hosts: z.int(),
  createdAt: instant,
  revokedAt: instant.nullable(),
  lastWriteAt: instant.nullable(),
  keptLines: z.int(),
  refusedLines: z.int(),
  /** Fields with text in them: they are no numbers and are not kept. */
  textFields: z.int(),
  lastRefusal: z.strictObject({ at: instant, message: z.string() }).nullable(),
})
export type WriterView = z.infer<typeof writerView>

export const enrolmentTokenView = z.strictObject({
  id: recordId,
  label: z.string(),
  createdAt: instant,
  expiresAt: instant,
  usesLeft: z.int(),
  revokedAt: instant.nullable(),
})
export type EnrolmentTokenView = z.infer<typeof enrolmentTokenView>
