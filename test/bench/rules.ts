// What judging costs: 300 duties on 1,000 agencies each (300,000 verdicts), on one core. The duties are those of the five
// regulations, set on agencies; the registers hold eight records an agency. Three passes: the first, which also writes
// every verdict with its evidence into SQLite; one in which nothing changes; and one in memory alone. And what it costs to
// read the city from the records before.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { createDutyStandings } from '../../server/rules/duties/duty-standings.ts'
import { type DutyInForce, dutiesInForce } from '../../server/rules/duties/in-force.ts'
import { passDuty } from '../../server/rules/duties/pass.ts'
import { readSnapshot } from '../../server/rules/duties/read-snapshot.ts'
import { indexRegisters, type KnownRecord } from '../../server/rules/duties/register-index.ts'
import { CITY_ID, type DutySubject, portsWith, type Snapshot } from '../../server/rules/duties/snapshot.ts'
import { writeChanges } from '../../server/rules/duties/write-verdicts.ts'
import { loadRegulations } from '../../server/rules/load-regulations.ts'
import { createCurrentValues } from '../../server/stores/current-values.ts'
import { openRecords, type RecordsTransaction } from '../../server/stores/records/records.ts'
import { createMemorySeriesStore } from '../../server/stores/series/memory.ts'

const AGENCIES = Number(process.env.PANTAU_BENCH_AGENCIES ?? 1_000)
const DUTIES = 300
const AT = Date.UTC(2026, 10, 22, 3)
/** How often the engine judges everything when nothing happens. */
const PASS_EVERY_MS = 5 * 60_000

const law = loadRegulations(fileURLToPath(new URL('../../config/regulations', import.meta.url)))
const idOf = (number: number) => `01938f6e-0000-7000-8000-${String(number).padStart(12, '0')}`

const subjects: DutySubject[] = [CITY_ID, ...Array.from({ length: AGENCIES }, (_, index) => idOf(index))].map(
  (id, index) => ({
    ...{ id, kind: index === 0 ? 'city' : 'agency', name: `OPD ${index}`, role: null, agencyId: null, siteId: null },
    ...{ independent: index % 20 === 0, coordinates: null, fields: {}, since: 0 },
  }),
)

const themes = ['pd-sop', 'kam-kebijakan', 'drp', 'insiden'] as const
const records: KnownRecord[] = subjects.slice(1).flatMap(({ id, name }, agency) =>
  [
    ...themes.map(topic => ({ kind: 'document', fields: { topic, documentType: 'sop' } })),
    { kind: 'contact', fields: { role: 'narahubung', person: 'A', reachedBy: 'B' } },
    { kind: 'asset', fields: { class: 'server', owner: name, acquiredOn: '2024-01-01', condition: 'good' } },
    { kind: 'report', fields: { topic: 'aset', heldOn: '2026-05-01' } },
    { kind: 'review', fields: { topic: 'monev', heldOn: '2026-05-01' } },
  ].map(({ kind, fields }, index) => ({
    ...{
      id: idOf(agency * 10 + index),
      recordId: idOf(agency * 10 + index),
      version: 1,
      kind,
      title: `${kind} ${index}`,
    },
    ...{ number: null, issuedOn: '2026-02-01', validFrom: null, validUntil: null, legalBasis: null, files: 1 },
    ...{ subjects: [{ kind: 'agency' as const, id }], fields, enteredAt: 0, endedAt: null },
  })),
)

function snapshotAt(at: number): Snapshot {
  const byId = new Map(subjects.map(subject => [subject.id, subject]))
  return {
    ...{ at, timeZone: 'Asia/Jakarta', today: '2026-11-22', subjects, ports: portsWith({}) },
    registers: indexRegisters(records, at),
    subject: id => byId.get(id),
  }
}

const packs = law.packs.map(({ id }) => ({
  ...{ packId: id, validFrom: '2024-01-01', validUntil: null, enteredAt: 0, endedAt: null },
}))
const duties: DutyInForce[] = dutiesInForce({ rules: law.rules, packs, settings: [], today: '2026-11-22', at: AT })
  .slice(0, DUTIES)
  .map(duty => ({
    ...duty,
    rule: { ...duty.rule, subject: 'agency', duty: { ...duty.rule.duty, select: {}, conditions: [] } },
  }))

function measure(what: string, wallMs: number, cpu: NodeJS.CpuUsage): number {
  const cpuMs = (cpu.user + cpu.system) / 1000
  console.log(
    `${what.padEnd(58)} ${(wallMs / 1000).toFixed(2).padStart(7)} s   ${(cpuMs / 1000).toFixed(2).padStart(7)} s CPU`,
  )
  return cpuMs
}

console.log(`${duties.length} duties x ${AGENCIES} agencies; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
const standings = createDutyStandings()
for (const round of ['in memory, first', 'in memory, again']) {
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  const snapshot = snapshotAt(AT)
  let verdicts = 0
  for (const duty of duties) {
    for (const { after } of passDuty(duty, snapshot, standings)) standings.put(duty.rule.id, after)
    verdicts += standings.ofRule(duty.rule.id).length
  }
  const cpuMs = measure(`${round}: ${verdicts} verdicts`, performance.now() - started, process.cpuUsage(cpu))
  if (round.endsWith('again')) {
    console.log(
      `idle, with a pass each ${PASS_EVERY_MS / 60_000} minutes: ${((cpuMs / PASS_EVERY_MS) * 100).toFixed(2)} % of a core`,
    )
  }
}

await readCity()

// `npm run bench -- rules --memory` leaves the writing out.
if (!process.argv.includes('--memory')) await writeAll()

/** What a pass reads before it judges: of each agency a link with a probe, and a server that an agent speaks for. */
async function readCity(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-bench-city-'))
  try {
    const store = await openRecords({ directory })
    await store.transaction().execute(async tx => {
      for (let index = 0; index < AGENCIES; index++) await settle(tx, index)
    })
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    const series = createMemorySeriesStore({ now: () => AT })
    const house = { current: createCurrentValues(), series, rules: law.rules }
    await readSnapshot({ records: store, at: AT, timeZone: 'Asia/Jakarta', versions: records, house, ports: {} })
    const cpuMs = measure(
      `read from records: ${AGENCIES} agencies, links and servers`,
      performance.now() - started,
      process.cpuUsage(cpu),
    )
    console.log(`idle, for the reading: ${((cpuMs / PASS_EVERY_MS) * 100).toFixed(2)} % of a core`)
    await store.destroy()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** One agency with its link, whose probe saw it fail for a week, and its server. */
async function settle(tx: RecordsTransaction, index: number): Promise<void> {
  const WEEK_MS = 7 * 86_400_000
  const from = AT - 3 * WEEK_MS
  const [agency, link, server] = [idOf(index), idOf(100_000 + index), idOf(200_000 + index)]
  const named = { slug: `s${index}`, name: `S ${index}`, created_at: from, removed_at: null }
  await tx
    .insertInto('agency')
    .values({ id: agency, ...named, short_name: 'x', kind: 'agency', independent_decree: null })
    .execute()
  await tx
    .insertInto('link')
    .values({
      ...{ id: link, ...named, peer: 'site', peer_name: '', agency_id: agency, provider_id: null, contract_number: '' },
      ...{ committed_bps: 10_000_000, near_site_id: null, near_device_id: null, near_interface: null },
      ...{ far_site_id: null, far_device_id: null, far_interface: null, address: null, calendar_id: null },
    })
    .execute()
  await tx
    .insertInto('device')
    .values({ id: server, ...named, kind: 'server', machine_id: null, agency_id: agency })
    .execute()
  await tx
    .insertInto('agent')
    .values({
      ...{ id: idOf(300_000 + index), device_id: server, kind: 'remote', hostname: 'h', version: '1' },
      ...{ key_hash: `${index}`, interval_ms: 10_000, enrolled_at: from, last_contact_at: AT, last_sample_at: AT },
      ...{ skew_ms: 0, revoked_at: null, writer_id: null, enrolment_token_id: null, bundle_arch: null },
      ...{ bundle_sequence: null, upgrade_to: null, upgrade_failed: null },
    })
    .execute()
  await tx
    .insertInto('state_interval')
    .values({ subject_id: server, state: 'up', from_ms: from, to_ms: AT, cause: null })
    .execute()
  for (const [week, vote] of (['up', 'down', 'up'] as const).entries()) {
    const piece = { from_ms: from + week * WEEK_MS, to_ms: from + (week + 1) * WEEK_MS }
    await tx
      .insertInto('sighting')
      .values({ subject_id: link, observer: 'noc/icmp', ...piece, vote, patience_ms: 30_000 })
      .execute()
  }
}

async function writeAll(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-bench-rules-'))
  try {
    const store = await openRecords({ directory })
    const fresh = createDutyStandings()
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    const snapshot = snapshotAt(AT)
    let written = 0
    for (const duty of duties) {
      const changes = passDuty(duty, snapshot, fresh)
      for (let index = 0; index < changes.length; index += 500) {
        await writeChanges(store, changes.slice(index, index + 500), AT)
      }
      written += changes.length
    }
    measure(`written with evidence: ${written} verdicts`, performance.now() - started, process.cpuUsage(cpu))
    await store.destroy()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
