// Judges all duties again and again: when a register or a setting changed, when a day began, and every five minutes for
// what is measured. Verdicts, evidence and incidents of a batch stand or fall together.
import { setImmediate } from 'node:timers/promises'
import type { Logger } from '../../platform/logs.ts'
import type { ChangeFeed } from '../../stores/change-feed.ts'
import type { Records } from '../../stores/records/records.ts'
import { civilDateOf } from '../civil-date.ts'
import type { Obligation, Rule } from '../pack.ts'
import type { RegulationPack } from '../regulation-pack.ts'
import { loadDutyStandings } from './duty-standings.ts'
import type { DutyState } from './duty-state.ts'
import { type DutyInForce, dutiesInForce } from './in-force.ts'
import { tellLongUnmeasured } from './long-unmeasured.ts'
import { recordManifest } from './manifest.ts'
import { type DutyChange, passDuty } from './pass.ts'
import { readEnabledPacks, readSettings, readVersions } from './read-rows.ts'
import { readSnapshot } from './read-snapshot.ts'
import type { House } from './read-watched.ts'
import type { KnownRecord } from './register-index.ts'
import { tellWhatIsDue } from './reminders.ts'
import type { DutyPorts, Snapshot } from './snapshot.ts'
import { forgetGone, writeChanges } from './write-verdicts.ts'
import { snapshotsOf, zonesOf } from './zones.ts'

export type DutyEngine = {
  /** Judges everything as of `at`. */
  pass(at: number): Promise<void>
  state(): DutyState | null
  regulations: readonly RegulationPack[]
  rules: readonly Obligation[]
  /** From here on it judges by itself. */
  start(): void
  stop(): Promise<void>
}

const PASS_EVERY_MS = 5 * 60_000
/** A hand that enters ten records is judged once. */
const AFTER_A_CHANGE_MS = 1_000
const CHANGES_AT_ONCE = 500

export async function createDutyEngine(deps: {
  records: Records
  changes: ChangeFeed
  regulations: readonly RegulationPack[]
  rules: readonly Obligation[]
  /** Of these those that look at the judging itself. */
  operational: readonly Rule[]
  /** Where no enabled pack says another. */
  timeZone: string
  /** What watches; null where nothing does. */
  house: Omit<House, 'rules'> | null
  /** What other rooms bring beside that. */
  ports: (at: number) => Promise<Partial<DutyPorts>>
  log: Logger
  now: () => number
}): Promise<DutyEngine> {
  const { records, rules, log } = deps
  const standings = await loadDutyStandings(records, new Set(rules.map(({ id }) => id)))
  let versions: KnownRecord[] | null = null
  let state: DutyState | null = null
  let queue: Promise<void> = Promise.resolve()
  let every: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  let running = false
  const stopListening = deps.changes.onAppend(change => {
    if (change.kind === 'register') versions = null
    if (!running || (change.kind !== 'register' && change.kind !== 'duty')) return
    soon ??= setTimeout(() => {
      soon = undefined
      void judgeNow()
    }, AFTER_A_CHANGE_MS)
  })

  async function judgeAll(at: number): Promise<void> {
    const packs = await readEnabledPacks(records)
    const settings = await readSettings(records)
    versions ??= await readVersions(records, 'standing')
    const zones = zonesOf(deps.regulations, packs, deps.timeZone)
    const snapshots = new Map<string, Snapshot>()
    const duties: DutyInForce[] = []
    const ports = await deps.ports(at)
    for (const [timeZone, own] of zones) {
      const inForce = dutiesInForce({ rules, packs: own, settings, today: civilDateOf(at, timeZone), at })
      // What bound in another zone and binds no more costs nothing.
      if (inForce.length === 0 && snapshots.size > 0) continue
      const house = deps.house === null ? null : { ...deps.house, rules: inForce.map(({ rule }) => rule) }
      snapshots.set(timeZone, await readSnapshot({ records, at, timeZone, versions, house, ports }))
      duties.push(...inForce)
    }
    const snapshotOf = snapshotsOf(deps.regulations, snapshots)
    const [main] = snapshots.values()
    if (main === undefined) return
    state = { snapshot: main, snapshotOf, duties, packs, settings, standings }
    let waiting: DutyChange[] = []
    let turned = 0
    for (const duty of duties) {
      waiting.push(...passDuty(duty, snapshotOf(duty.rule), standings))
      if (waiting.length < CHANGES_AT_ONCE) continue
      await write(waiting, at)
      turned += waiting.length
      waiting = []
      // Others want to be answered too.
      await setImmediate()
    }
    await write(waiting, at)
    turned += waiting.length
    await forgetGone(records, standings, at)
    await recordManifest(records, { state, at })
    const told = [
      ...(await tellWhatIsDue(records, { state, at })),
      ...(await tellLongUnmeasured(records, deps.operational, { state, at })),
    ]
    for (const id of told) deps.changes.append({ kind: 'incident', id, subjectId: '' })
    if (turned > 0) deps.changes.append({ kind: 'judged' })
  }

  async function write(changes: readonly DutyChange[], at: number): Promise<void> {
    for (let index = 0; index < changes.length; index += CHANGES_AT_ONCE) {
      const batch = changes.slice(index, index + CHANGES_AT_ONCE)
      const incidents = await writeChanges(records, batch, at)
      for (const { duty, after } of batch) standings.put(duty.rule.id, after)
      for (const { id, subjectId } of incidents) deps.changes.append({ kind: 'incident', id, subjectId })
    }
    if (changes.length > 0) log.info({ changes: changes.length }, 'Duties were judged anew')
  }

  function pass(at: number): Promise<void> {
    const turn = queue.then(() => judgeAll(at))
    queue = turn.catch(() => {})
    return turn
  }

  async function judgeNow(): Promise<void> {
    if (!running) return
    await pass(deps.now()).catch(error => log.error({ err: error }, 'The duties could not be judged'))
  }

  return {
    pass,
    state: () => state,
    regulations: deps.regulations,
    rules,
    start() {
      running = true
      void judgeNow()
      every = setInterval(() => void judgeNow(), PASS_EVERY_MS)
    },
    async stop() {
      running = false
      stopListening()
      clearInterval(every)
      clearTimeout(soon)
      await queue
    },
  }
}
