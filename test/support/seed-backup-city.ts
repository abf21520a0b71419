// Brings the made-up city into a collector as people and agents do: places and registers by hand, copies by an agent's
// word, jobs accepted one by one.
import { randomUUID } from 'node:crypto'
import { COPY_PLACES, type CopyPlace } from '../../protocol/backup-words.ts'
import type { BackupReport, SeenCopy } from '../../protocol/backups.ts'
import { CITY, DATASET_KINDS, type Told } from './backup-city.ts'
import { call, untilTrue } from './collector.ts'
import { enrolTestAgent } from './test-agent.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const BYTES = 4_000_000_000
const REPORTS_AT_ONCE = 150
const WAIT_MS = 60_000

type Collector = { url: string }
export type SeededDataset = { id: string; name: string; agency: string }

/** Answers the data sets with their ids. All jobs are accepted, none is left waiting. */
export async function seedBackupCity(collector: Collector): Promise<{ datasets: SeededDataset[]; agentId: string }> {
  const agent = await enrolTestAgent(collector, { hostname: 'cadangan-1', intervalMs: 3_600_000 })
  const datasets: SeededDataset[] = []
  const reports: BackupReport[] = []
  const silent: { datasetId: string; name: string; place: CopyPlace }[] = []
  for (const { shortName, datasets: own, bareService } of CITY) {
    const agency = await call(collector, 'createAgency', { body: { name: `Perangkat ${shortName}`, shortName } })
    const about = { kind: 'agency' as const, id: agency.id }
    if (bareService !== null) {
      await call(collector, 'createRegisterRecord', {
        body: { kind: 'service', title: bareService, subjects: [about], fields: { role: 'website', holdsData: true } },
      })
    }
    for (const { name, kind } of own) {
      const { urgency, told, restored } = DATASET_KINDS[kind]
      const { record } = await call(collector, 'createRegisterRecord', {
        body: { kind: 'dataset', title: name, subjects: [about], fields: { urgency, owner: shortName } },
      })
      datasets.push({ id: record.id, name, agency: shortName })
      for (const [index, place] of COPY_PLACES.entries()) {
        const word: Told = told[index] ?? '-'
        if (word === '-') continue
        if (word === 'silent') silent.push({ datasetId: record.id, name: place, place })
        else reports.push(...reportsOf(record.id, place, word, restored === 'restored'))
      }
    }
  }
  for (let from = 0; from < reports.length; from += REPORTS_AT_ONCE) {
    await agent.deliver([], { backups: reports.slice(from, from + REPORTS_AT_ONCE) })
  }
  for (const job of silent) {
    const { datasetId, name, place } = job
    await call(collector, 'createBackupJob', { body: { datasetId, agentId: agent.agentId, name, place } })
  }
  const wanted = new Set(reports.map(({ dataset, job }) => `${dataset}/${job}`)).size
  const waiting = await untilTrue('all jobs were reported', WAIT_MS, async () => {
    const { jobs } = await call(collector, 'backupJobs', { query: { state: 'waiting' } })
    return jobs.length === wanted ? jobs : null
  })
  for (const { id, name } of waiting) {
    const place = COPY_PLACES.find(one => one === name) ?? 'data-centre'
    await call(collector, 'acceptBackupJob', { params: { id }, body: { place } })
  }
  return { datasets, agentId: agent.agentId }
}

/** A job is called by the place of its copies. */
function reportsOf(dataset: string, place: CopyPlace, told: Told, isRestored: boolean): BackupReport[] {
  const at = Date.now() - 60_000
  const about = { dataset, job: place, tool: 'restic' as const }
  const copies = copiesOf(told, at)
  const sighting: BackupReport = {
    ...{ report: 'sighting', id: randomUUID(), ...about, at, tookMs: 800, detail: '' },
    trouble: told === 'locked-out' ? 'wrong-password' : null,
    ...{ copies, copyCount: copies.length, oldestAt: copies.at(-1)?.takenAt ?? null, verifiedAt: null },
  }
  const newest = copies.find(({ trouble }) => trouble === null)
  if (!isRestored || newest === undefined) return [sighting]
  return [
    sighting,
    {
      ...{ report: 'run', id: randomUUID(), ...about, purpose: 'restore-test', startedAt: at - DAY_MS },
      ...{ endedAt: at - DAY_MS + 400_000, outcome: 'good', trouble: null, exitCode: 0, detail: '' },
      ...{ bytes: BYTES, files: 420 },
      proof: {
        ...{ scope: 'sample', copyId: newest.id, copyTakenAt: newest.takenAt, files: 420, bytes: BYTES },
        ...{ checksumsHeld: 420, databases: [{ name: 'aplikasi', tables: 61, rows: 1_204_000 }] },
      },
    },
  ]
}

/** A night each, oldest last; a little larger each night. */
function copiesOf(told: Told, at: number): SeenCopy[] {
  if (told === 'locked-out' || told === 'silent' || told === '-') return []
  const first = told === 'old' ? 5 : 0
  return Array.from({ length: 34 - first }, (_, index) => {
    const night = first + index
    const bytes = Math.round(BYTES * 1.004 ** (34 - night))
    const isCut = told === 'cut' && night === 0
    return {
      ...{ id: `malam-${34 - night}`, takenAt: at - night * DAY_MS - 6 * HOUR_MS, tookMs: 700_000 },
      ...(isCut ? { bytes: Math.round(bytes / 9), trouble: 'truncated' as const } : { bytes, trouble: null }),
    }
  })
}
