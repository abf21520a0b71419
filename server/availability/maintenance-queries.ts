import { type MaintenanceTiming, type MaintenanceView, maintenanceTiming } from '../../protocol/maintenance.ts'
import type { MaintenanceState, MaintenanceSubjectKind } from '../../protocol/vocabulary.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Interval } from './intervals.ts'
import { windowAround, windowsOf } from './maintenance-windows.ts'

export type Maintenance = {
  id: string
  state: MaintenanceState
  timing: MaintenanceTiming
  endedAt: number | null
  subjects: { kind: MaintenanceSubjectKind; id: string }[]
}

/** What a subject is part of: work on any of these covers it. */
export type Belonging = Partial<Record<MaintenanceSubjectKind, string | null>>

export type PlannedTime = Interval & { maintenanceId: string; declared: 'before' | 'afterwards' }

/** Those that count and may hold in `window`; one that waits for a second person, or was refused, does not count. */
export async function readMaintenance(records: Records | RecordsTransaction, window: Interval): Promise<Maintenance[]> {
  const rows = await records
    .selectFrom('maintenance')
    .selectAll()
    .where('state', 'in', ['announced', 'approved'])
    .where('from_ms', '<', window.to)
    .where(eb => eb.or([eb('until_ms', 'is', null), eb('until_ms', '>', window.from)]))
    .execute()
  const subjects = await readSubjects(records)
  return rows.map(row => ({
    ...{ id: row.id, state: row.state, endedAt: row.ended_at, subjects: subjects.get(row.id) ?? [] },
    timing: maintenanceTiming.parse(JSON.parse(row.timing)),
  }))
}

export function covers({ subjects }: Pick<Maintenance, 'subjects'>, belonging: Belonging): boolean {
  return subjects.some(({ kind, id }) => belonging[kind] === id)
}

/** When planned work covers a subject in `window`. */
export function plannedTimeOf(
  maintenance: readonly Maintenance[],
  belonging: Belonging,
  window: Interval,
  timeZone: string,
): PlannedTime[] {
  return maintenance
    .filter(one => covers(one, belonging))
    .flatMap(one =>
      windowsOf(one, window, timeZone).map(interval => ({
        ...interval,
        maintenanceId: one.id,
        declared: one.state === 'approved' ? ('afterwards' as const) : ('before' as const),
      })),
    )
}

/** Newest first. */
export async function listMaintenance(records: Records, at: number, timeZone: string): Promise<MaintenanceView[]> {
  const rows = await records.selectFrom('maintenance').selectAll().orderBy('declared_at', 'desc').limit(500).execute()
  const subjects = await readSubjects(records)
  const names = await namesOf(records)
  const people = new Map(
    (await records.selectFrom('user_account').select(['id', 'display_name']).execute()).map(row => [
      row.id,
      row.display_name,
    ]),
  )
  const person = (id: string) => people.get(id) ?? id
  return rows.map(row => {
    const timing = maintenanceTiming.parse(JSON.parse(row.timing))
    const kept = { timing, endedAt: row.ended_at }
    const counts = row.state === 'announced' || row.state === 'approved'
    return {
      ...{ id: row.id, title: row.title, reason: row.reason, timing, state: row.state },
      subjects: (subjects.get(row.id) ?? []).map(one => ({ ...one, name: names.get(one.id) ?? one.id })),
      ...{ declaredAt: row.declared_at, declaredBy: person(row.declared_by), declaredById: row.declared_by },
      decidedAt: row.decided_at,
      decidedBy: row.decided_by === null ? null : person(row.decided_by),
      ...{ endedAt: row.ended_at, window: windowAround(kept, at, timeZone) },
      active: counts && windowsOf(kept, { from: at, to: at + 1 }, timeZone).length > 0,
    }
  })
}

/** Errors: `not-found`. */
export async function readMaintenanceView(records: Records, id: string, at: number, timeZone: string) {
  const found = (await listMaintenance(records, at, timeZone)).find(one => one.id === id)
  if (found === undefined) throw new ProblemError('not-found', 'There is no maintenance with this id')
  return found
}

async function readSubjects(records: Records | RecordsTransaction): Promise<Map<string, Maintenance['subjects']>> {
  const rows = await records.selectFrom('maintenance_subject').selectAll().execute()
  return new Map(
    [...Map.groupBy(rows, row => row.maintenance_id)].map(([id, own]) => [
      id,
      own.map(({ kind, id: subjectId }) => ({ kind, id: subjectId })),
    ]),
  )
}

async function namesOf(records: Records): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const table of ['subject', 'site', 'agency', 'provider'] as const) {
    for (const row of await records.selectFrom(table).select(['id', 'name']).execute()) names.set(row.id, row.name)
  }
  return names
}
