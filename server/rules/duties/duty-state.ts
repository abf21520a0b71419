import type { DutyStandings } from './duty-standings.ts'
import type { DutyInForce, EnabledPack, RuleSetting } from './in-force.ts'
import type { Snapshot } from './snapshot.ts'

/** What stands now, for the pages. */
export type DutyState = {
  /** In the time zone of the newest regulation: for what is not one duty's own. */
  snapshot: Snapshot
  /** In the time zone of the rule's regulation. */
  snapshotOf: (rule: { packId: string }) => Snapshot
  duties: readonly DutyInForce[]
  packs: readonly (EnabledPack & { id: string })[]
  settings: readonly RuleSetting[]
  standings: DutyStandings
}
