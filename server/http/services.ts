import type { Language } from '../../protocol/vocabulary.ts'
import type { AgentKeys } from '../access/agent-keys.ts'
import type { LoginThrottle } from '../access/login-throttle.ts'
import type { Passwords } from '../access/passwords.ts'
import type { SignInFailures } from '../access/sign-in-failures.ts'
import type { WriterKeys } from '../access/writer-keys.ts'
import type { StateBoard } from '../availability/state-board.ts'
import type { RecoveryCentre } from '../backups/recovery-centre.ts'
import type { SignalReminder } from '../backups/remind-agency.ts'
import type { AcceptBatch } from '../ingest/accept-batch.ts'
import type { AcceptLines } from '../ingest/accept-lines.ts'
import type { Pings } from '../ingest/pings.ts'
import type { AcceptPush } from '../ingest/push.ts'
import type { Install } from '../install/install.ts'
import type { AgentTasks } from '../inventory/agent-tasks.ts'
import type { AssignmentBook } from '../inventory/assignments.ts'
import type { Roster } from '../inventory/roster.ts'
import type { WriterActivity } from '../inventory/writer-queries.ts'
import type { Logger } from '../platform/logs.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { DutyEngine } from '../rules/duties/duty-engine.ts'
import type { Rule } from '../rules/pack.ts'
import type { Standings } from '../rules/standings.ts'
import type { Blobs } from '../stores/blobs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import type { SeriesStore } from '../stores/series/series-store.ts'
import type { Vault } from '../stores/vault.ts'
import type { Wall } from '../views/wall.ts'

/** Everything that answers to requests lean on; verbs take from it what they need. */
export type Services = {
  records: Records
  series: SeriesStore
  vault: Vault
  blobs: Blobs
  changes: ChangeFeed
  current: CurrentValues
  now: () => number
  log: Logger
  metrics: Metrics

  adminTokenHash: string | null
  agentKeys: AgentKeys
  writerKeys: WriterKeys
  passwords: Passwords
  throttle: LoginThrottle
  failures: SignInFailures

  roster: Roster
  agentTasks: AgentTasks
  board: StateBoard
  assignments: AssignmentBook
  rules: readonly Rule[]
  standings: Standings
  dutyEngine: DutyEngine
  /** What stands at each recovery centre, and how far behind it is. */
  recoveryCentres: (at: number) => Promise<ReadonlyMap<string, RecoveryCentre>>
  wall: Wall
  acceptBatch: AcceptBatch
  acceptLines: AcceptLines
  /** What came from a writer since the start. */
  writerActivity: (writerId: string) => WriterActivity
  forgetClone: (agentId: string) => void
  acceptPush: AcceptPush
  pings: Pings
  signalReminder: SignalReminder
  install: Install
  /** Throws `wrong-state` while agents that enrol now could not find back. */
  refuseEnrolment: () => void

  place: string
  timeZone: string
  language: Language
  version: string
  /** Whether a request came over TLS: to us, or to the proxy that we were told to trust. */
  isHttps: (request: { headers: Record<string, unknown>; socket: object }) => boolean
  publicUrl: string
  /** Tells the notifier that there is something to send. */
  wake: () => void
  /** Names what is not ready yet or not working; empty when all is well. */
  troubles: () => Promise<string[]>
}
