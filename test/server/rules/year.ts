// A made-up year of a city, lived day by day under one regulation: servers speak in real batches, people use the verbs that
// the API uses, and the engine judges each night and after each change. Its answers are in year.test.ts.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { batch } from '../../../protocol/batch.ts'
import type { RegisterInput } from '../../../protocol/register-views.ts'
import { userActor } from '../../../server/access/actor.ts'
import { createEnrolmentToken } from '../../../server/access/create-enrolment-token.ts'
import { COLLECTOR_SUBJECT, recordHeard } from '../../../server/availability/heard.ts'
import { createStateBoard } from '../../../server/availability/state-board.ts'
import { createObserveBatches } from '../../../server/ingest/observe-batches.ts'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { createSite } from '../../../server/inventory/create-site.ts'
import { enrolAgent } from '../../../server/inventory/enrol-agent.ts'
import { placeDevice } from '../../../server/inventory/place-device.ts'
import { createRoster } from '../../../server/inventory/roster.ts'
import { createLogger } from '../../../server/platform/logs.ts'
import { attachToRecord } from '../../../server/registers/attach.ts'
import { createRegisterRecord } from '../../../server/registers/create-record.ts'
import { civilDateOf } from '../../../server/rules/civil-date.ts'
import { createDutyEngine } from '../../../server/rules/duties/duty-engine.ts'
import { enableRegulation } from '../../../server/rules/duties/enable-regulation.ts'
import { setDuty } from '../../../server/rules/duties/set-duty.ts'
import { loadPacks } from '../../../server/rules/load-packs.ts'
import { loadRegulations } from '../../../server/rules/load-regulations.ts'
import { createBlobs } from '../../../server/stores/blobs.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { createCurrentValues } from '../../../server/stores/current-values.ts'
import { openRecords } from '../../../server/stores/records/records.ts'

export const LAW = loadRegulations(fileURLToPath(new URL('../../../config/regulations', import.meta.url)))
const OPERATIONS = loadPacks(fileURLToPath(new URL('../../../config/operations', import.meta.url))).rules
export const ADMIN = userActor({ id: '01938f6e-0000-7000-8000-0000000000ad', role: 'admin' })
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Half past midnight in Java, half past one in Sulawesi. */
const NIGHT_MS = 17.5 * HOUR_MS
/** Nine in the morning in Java. */
const MORNING_MS = 2 * HOUR_MS
const PDF = Buffer.from('%PDF-1.7\nbukti').toString('base64')

type Machine = { agentId: string; deviceId: string; bornAt: number }
export type City = Awaited<ReturnType<typeof openCity>>

export async function openCity(packId: string, firstDay: string) {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-year-'))
  const records = await openRecords({ directory })
  await sql`pragma synchronous = off`.execute(records)
  const clock = { at: Date.parse(`${firstDay}T00:00:00Z`) - DAY_MS + NIGHT_MS }
  const now = () => clock.at
  const changes = createChangeFeed()
  const log = createLogger({ level: 'error' })
  const pack = LAW.packs.find(({ id }) => id === packId)
  if (pack === undefined) throw new Error(`no pack ${packId}`)
  const roster = await createRoster({ records })
  const current = createCurrentValues()
  const evaluator = { evaluateSamples: async () => {}, evaluateState: async () => {}, hearsLate: () => {} }
  const board = await createStateBoard({ records, timeZone: 'Asia/Jakarta', now })
  const engine = await createDutyEngine({
    ...{ records, changes, log, now, regulations: LAW.packs, rules: LAW.rules, timeZone: 'Asia/Jakarta' },
    ...{ house: null, operational: OPERATIONS },
    ports: async () => ({}),
  })
  const deps = {
    records,
    changes,
    now,
    roster,
    dutyEngine: engine,
    blobs: createBlobs({ directory: join(directory, 'blobs') }),
  }
  const subjectOf = async (agentId: string) =>
    (await records.selectFrom('agent').select('device_id').where('id', '=', agentId).executeTakeFirst())?.device_id ??
    null
  const observe = createObserveBatches({ ...deps, current, evaluator, board, subjectOf })
  const machines = new Map<string, Machine>()
  /** From when until when a machine is silent. */
  const silences = new Map<string, { from: number; to: number }>()
  let spokenUntil = clock.at
  let awakeFrom = clock.at

  /** Every machine's words of each full hour since the last time, a batch a machine; and the collector was awake. */
  async function listen() {
    const times: number[] = []
    const heardUntil = spokenUntil
    for (let at = Math.ceil((spokenUntil + 1) / HOUR_MS) * HOUR_MS; at <= clock.at; at += HOUR_MS) times.push(at)
    spokenUntil = clock.at
    for (const [name, { agentId, bornAt }] of machines) {
      const silence = silences.get(name)
      const first = bornAt === heardUntil ? [bornAt] : []
      const points = [...first, ...times].filter(at => silence === undefined || at <= silence.from || at >= silence.to)
      if (points.length === 0) continue
      const body = batch.parse({
        ...{ wire: 1, agentVersion: '0.1.0', spool: randomUUID(), number: 1, intervalMs: HOUR_MS },
        series: [{ kind: 'gauge', metric: 'node_load1', points: points.map(at => [at, 0.5]) }],
      })
      const { spool, number } = body
      const stamps = { sentAt: clock.at, receivedAt: clock.at }
      await observe([
        { id: 1, agentId, spool, number, lane: 'fresh', ...stamps, body: Buffer.from(JSON.stringify(body)) },
      ])
    }
    await records.transaction().execute(tx =>
      recordHeard(tx, {
        subjectId: COLLECTOR_SUBJECT,
        times: [awakeFrom, clock.at],
        patienceMs: 2 * DAY_MS,
        bootedAt: null,
      }),
    )
    awakeFrom = clock.at
  }

  const city = {
    ...{ records, clock, engine, deps, directory, pack },
    async close() {
      await engine.stop()
      await records.destroy()
      rmSync(directory, { recursive: true })
    },
    bind: (validFrom: string) => enableRegulation.perform(deps, ADMIN, { pack: packId, validFrom }),
    agency: async (name: string, independentDecree: string | null = null) =>
      (await createAgency.perform(deps, ADMIN, { name, shortName: name, independentDecree })).id,
    site: async (name: string, kind: 'data-centre' | 'office' | 'drc', coordinates: [number, number]) =>
      (
        await createSite.perform(deps, ADMIN, {
          ...{ name, kind },
          coordinates: { latitude: coordinates[0], longitude: coordinates[1] },
        })
      ).id,
    async server(name: string, agencyId: string, siteId: string, voice: 'speaks' | 'mute' = 'mute') {
      const { secret } = await createEnrolmentToken.perform(deps, ADMIN, { label: 'test' })
      const machineId = Buffer.from(name).toString('hex').padEnd(64, '0')
      const enrolment = { hostname: name, machineId, agentVersion: '0.1.0' }
      const enrolled = await enrolAgent({ records, now }, { tokenSecret: secret, enrolment })
      await roster.refresh(enrolled.deviceId)
      if (voice === 'speaks') machines.set(name, { ...enrolled, bornAt: clock.at })
      await placeDevice.perform(deps, ADMIN, { id: enrolled.deviceId, agencyId, siteId })
      return enrolled.deviceId
    },
    move: (id: string, agencyId: string, siteId: string) => placeDevice.perform(deps, ADMIN, { id, agencyId, siteId }),
    silent: (name: string, from: string, to: string) =>
      silences.set(name, { from: Date.parse(from), to: Date.parse(to) }),
    async enter(kind: string, input: Partial<RegisterInput>, file: 'with-file' | 'without-file' = 'with-file') {
      const { recordId } = await createRegisterRecord.perform(deps, ADMIN, { kind, title: 'Catatan', ...input })
      if (file === 'with-file') await city.attach(recordId)
      return recordId
    },
    attach: (id: string) =>
      attachToRecord.perform(deps, ADMIN, { id, name: 'bukti.pdf', mediaType: 'application/pdf', contentBase64: PDF }),
    set: (rule: string, name: string, value: string | number, validFrom: string) =>
      setDuty.perform(deps, ADMIN, {
        rule: `${packId}-${rule}`,
        name,
        value,
        validFrom,
        author: 'Kepala Dinas',
        decree: '1',
      }),

    /** Night after night until a day; then it is nine in the morning of that day and something happens. */
    async until(day: string, happens: () => Promise<unknown> = async () => {}) {
      const midnight = Date.parse(`${day}T00:00:00Z`)
      while (clock.at + DAY_MS <= midnight - DAY_MS + NIGHT_MS) {
        clock.at += DAY_MS
        await listen()
        await engine.pass(clock.at)
      }
      const night = clock.at
      clock.at = midnight + MORNING_MS
      await listen()
      await happens()
      await engine.pass(clock.at)
      clock.at = night
    },

    /** On which days a duty changed on a subject, and to what. */
    async story(rule: string, subjectId: string): Promise<string[]> {
      const rows = await records
        .selectFrom('evidence')
        .select(['at', 'verdict'])
        .where('rule_id', '=', `${packId}-${rule}`)
        .where('subject_id', '=', subjectId)
        .orderBy('seq')
        .execute()
      return rows.map(({ at, verdict }) => `${civilDateOf(at, pack.timeZone)} ${verdict}`)
    },
  }
  return city
}
