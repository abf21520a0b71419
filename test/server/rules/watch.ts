// A collector's judging rooms on a real database, with the packs that Pantau comes with, servers that speak in real
// batches, and a clock that the story turns.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterEach } from 'vitest'
import type { BackupReport } from '../../../protocol/backups.ts'
import { batch, type WireFact, type WireSeries } from '../../../protocol/batch.ts'
import type { Discovery } from '../../../protocol/snmp.ts'
import type { Role } from '../../../protocol/vocabulary.ts'
import { type Actor, userActor } from '../../../server/access/actor.ts'
import { createAgentKeys } from '../../../server/access/agent-keys.ts'
import { createEnrolmentToken } from '../../../server/access/create-enrolment-token.ts'
import { COLLECTOR_SUBJECT, recordHeard } from '../../../server/availability/heard.ts'
import { createStateBoard } from '../../../server/availability/state-board.ts'
import { COLLECTOR_PATIENCE_MS } from '../../../server/availability/subject-state.ts'
import { listIncidents } from '../../../server/incidents/incident-queries.ts'
import { createObserveBatches } from '../../../server/ingest/observe-batches.ts'
import { createAgentTasks } from '../../../server/inventory/agent-tasks.ts'
import { createAssignmentBook } from '../../../server/inventory/assignments.ts'
import { enrolAgent } from '../../../server/inventory/enrol-agent.ts'
import { createRoster } from '../../../server/inventory/roster.ts'
import { createLogger } from '../../../server/platform/logs.ts'
import { createEvaluator } from '../../../server/rules/evaluator.ts'
import { verifyEvidence } from '../../../server/rules/evidence.ts'
import { loadPacks } from '../../../server/rules/load-packs.ts'
import { loadStandings } from '../../../server/rules/standings.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { createCurrentValues } from '../../../server/stores/current-values.ts'
import { openRecords } from '../../../server/stores/records/records.ts'
import { openVault } from '../../../server/stores/vault.ts'

export const MONDAY = Date.UTC(2026, 10, 23, 1)
export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const INTERVAL_MS = 10_000
const SIZE_BYTES = 1_000_000
const PACKS = fileURLToPath(new URL('../../../config/operations', import.meta.url))

export const ADMIN = userActor({ id: '01938f6e-0000-7000-8000-0000000000ad', role: 'admin' })
export const person = (role: Role) => userActor({ id: `01938f6e-0000-7000-8000-${role.padEnd(12, '0')}`, role })

const opened: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const watch of opened.splice(0)) await watch.close()
})

export type Machine = { agentId: string; deviceId: string; bootedAt: number }
/** What a server says: used share by mountpoint; `readOnly` are those that can't be written. */
export type Words = {
  at?: number
  receivedAt?: number
  disks?: Record<string, number>
  readOnly?: string[]
  version?: string
  intervalMs?: number
  facts?: WireFact[]
  more?: WireSeries[]
  discoveries?: Discovery[]
  backups?: BackupReport[]
}

export type Watch = Awaited<ReturnType<typeof openWatch>>

export async function openWatch({ timeZone = 'Asia/Jakarta' }: { timeZone?: string } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-watch-'))
  const records = await openRecords({ directory })
  // Nobody pulls the plug here, and a thousand transactions need not wait for the disk.
  await sql`pragma synchronous = off`.execute(records)
  opened.push({
    close: async () => {
      await records.destroy()
      rmSync(directory, { recursive: true })
    },
  })
  const clock = { at: MONDAY }
  const now = () => clock.at
  const changes = createChangeFeed()
  const logLines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: line => void logLines.push(line) } })
  const { rules } = loadPacks(PACKS)
  const agentKeys = createAgentKeys({ records })
  const vault = openVault({ directory })
  const assignments = createAssignmentBook({ records, vault, now })
  const agentTasks = createAgentTasks({ assignments, now })
  let entryId = 0
  let awakeNotedAt = 0
  let windowsJudgedAt = clock.at
  let secondsPassed = 0
  const spokenAt = new Map<string, number>()

  /** What lives in memory only; made anew at each start. */
  async function start() {
    const roster = await createRoster({ records })
    const current = createCurrentValues()
    const standings = await loadStandings(records)
    const board = await createStateBoard({ records, timeZone, now })
    const evaluator = createEvaluator({
      ...{ records, changes, roster, current, standings, board, timeZone, rules, log },
      listeningSince: clock.at,
    })
    const subjectOf = async (agentId: string) =>
      (await records.selectFrom('agent').select('device_id').where('id', '=', agentId).executeTakeFirst())?.device_id ??
      null
    const observe = createObserveBatches({ records, changes, current, roster, evaluator, board, subjectOf, now })
    return { board, roster, current, standings, evaluator, observe }
  }
  let memory = await start()

  async function noteAwake() {
    awakeNotedAt = clock.at
    await records.transaction().execute(tx =>
      recordHeard(tx, {
        subjectId: COLLECTOR_SUBJECT,
        times: [clock.at],
        patienceMs: COLLECTOR_PATIENCE_MS,
        bootedAt: null,
      }),
    )
  }

  const watch = {
    ...{ directory, records, clock, changes, rules, logLines, agentKeys, now, log },
    get roster() {
      return memory.roster
    },
    get current() {
      return memory.current
    },
    get board() {
      return memory.board
    },
    get standings() {
      return memory.standings
    },
    get evaluator() {
      return memory.evaluator
    },

    /** What verbs need. */
    verbDeps: { records, changes, now, agentKeys, vault, assignments, agentTasks, timeZone },

    async enrol(hostname = 'web-1', machineId = machineIdOf(hostname)): Promise<Machine> {
      const { secret } = await createEnrolmentToken.perform(watch.verbDeps, ADMIN, { label: 'test' })
      const enrolled = await enrolAgent(
        { records, now },
        { tokenSecret: secret, enrolment: { hostname, machineId, agentVersion: '0.1.0' } },
      )
      for (const id of enrolled.replacedAgentIds) agentKeys.forget(id)
      await memory.roster.refresh(enrolled.deviceId)
      return { agentId: enrolled.agentId, deviceId: enrolled.deviceId, bootedAt: clock.at - HOUR_MS }
    },

    /** One batch of this server, taken at `at` (now) and delivered at `receivedAt` (now). */
    async speak(machine: Machine, words: Words = {}) {
      // Two words of one instant would be one and the same.
      if (words.at === undefined && spokenAt.get(machine.deviceId) === clock.at) clock.at += 1
      const at = words.at ?? clock.at
      spokenAt.set(machine.deviceId, at)
      const body = batch.parse({
        wire: 1,
        agentVersion: words.version ?? '0.1.0',
        spool: randomUUID(),
        number: 1,
        intervalMs: words.intervalMs ?? INTERVAL_MS,
        series: [
          { kind: 'gauge', metric: 'node_boot_time_seconds', points: [[at, machine.bootedAt / 1000]] },
          ...Object.entries(words.disks ?? { '/': 0.5 }).flatMap(([mountpoint, usedRatio]) =>
            diskSeries(at, mountpoint, usedRatio, words.readOnly?.includes(mountpoint) === true),
          ),
          ...(words.more ?? []),
        ],
        ...(words.facts === undefined ? {} : { facts: words.facts }),
        ...(words.discoveries === undefined ? {} : { discoveries: words.discoveries }),
        ...(words.backups === undefined ? {} : { backups: words.backups }),
      })
      const receivedAt = words.receivedAt ?? clock.at
      entryId += 1
      const { spool, number } = body
      await memory.observe([
        {
          ...{ id: entryId, agentId: machine.agentId, spool, number, lane: 'fresh', sentAt: receivedAt, receivedAt },
          body: Buffer.from(JSON.stringify(body)),
        },
      ])
    },

    /** Lets time pass, second by second, as the ticker does; `speaks` is asked each interval. */
    async pass(durationMs: number, speaks: () => Promise<void> = async () => {}) {
      const until = clock.at + durationMs
      while (clock.at < until) {
        clock.at += SECOND_MS
        secondsPassed += 1
        if ((secondsPassed * SECOND_MS) % INTERVAL_MS === 0) await speaks()
        await memory.evaluator.tick(clock.at)
        if (clock.at - awakeNotedAt >= 5 * SECOND_MS) await noteAwake()
        if (clock.at - windowsJudgedAt >= MINUTE_MS) {
          windowsJudgedAt = clock.at
          await memory.evaluator.evaluateWindows(clock.at)
        }
      }
    },

    /** The collector is off for a while and starts again: what was only in memory is gone. */
    async restart(offMs = 0) {
      clock.at += offMs
      memory = await start()
    },

    verdict(machine: Machine, ruleId: string, part = '') {
      return memory.standings.get(ruleId, machine.deviceId, part)?.verdict ?? null
    },
    async storedVerdict(machine: Machine, ruleId: string, part = '') {
      const query = records.selectFrom('verdict').selectAll().where('subject_id', '=', machine.deviceId)
      return await query.where('rule_id', '=', ruleId).where('part', '=', part).executeTakeFirst()
    },
    incidents: (state: 'active' | 'resolved' | undefined = undefined) => listIncidents(records, { state, limit: 100 }),
    async outbox() {
      const rows = await records.selectFrom('outbox').selectAll().orderBy('at').orderBy('id').execute()
      return rows.map(row => row.event)
    },
    async audit(action?: string) {
      const rows = await records.selectFrom('audit').selectAll().orderBy('seq').execute()
      return rows
        .filter(row => action === undefined || row.action === action)
        .map(row => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }))
    },
    evidence: () => records.selectFrom('evidence').selectAll().orderBy('seq').execute(),
    evidenceHolds: async () => (await verifyEvidence(records)) === null,
  }
  return watch
}

export function machineIdOf(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)
}

/** What the agent says of one filesystem of a million bytes. */
export function diskSeries(at: number, mountpoint: string, usedRatio: number, readOnly = false): WireSeries[] {
  const freeBytes = Math.round(SIZE_BYTES * (1 - usedRatio))
  const gauge = (name: string, value: number): WireSeries => ({
    kind: 'gauge',
    metric: `node_filesystem_${name}`,
    labels: { device: '/dev/vda1', mountpoint, fstype: 'ext4' },
    points: [[at, value]],
  })
  return [
    gauge('size_bytes', SIZE_BYTES),
    gauge('free_bytes', freeBytes),
    gauge('avail_bytes', freeBytes),
    gauge('readonly', readOnly ? 1 : 0),
  ]
}

export function partOfDisk(mountpoint: string): string {
  return `mountpoint=${mountpoint}`
}

export type { Actor }
