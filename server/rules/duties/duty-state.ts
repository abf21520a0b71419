import type { DutyStandings } from './duty-standings.ts'
import type { DutyInForce, EnabledPack, RuleSetting } from './in-force.ts'
import type { Snapshot } from './snapshot.ts'

/** What stands now, for the pages. */
export type DutyState = {
  snapshot: Snapshot
  duties: readonly DutyInForce[]
  packs: readonly (EnabledPack & { id: string })[]
  settings: readonly RuleSetting[]
  standings: DutyStandings
}
