// Data sets and services, from the registers as they stood at a moment.
import { backupLimits } from '../../protocol/backup-views.ts'
import type { CopyPlace } from '../../protocol/backup-words.ts'
import { COPY_PLACES } from '../../protocol/backup-words.ts'
import { type RegisterVersion, versionOf } from '../registers/record-rows.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { KnownDataset } from './known.ts'
import { type LimitsVersion, limitsAt, urgencyOf } from './limits.ts'

/** A service and the data sets that it says it needs: their titles or ids. */
export type KnownService = {
  id: string
  name: string
  agencyId: string | null
  needs: readonly string[]
  holdsData: boolean
}

export type Registered = { datasets: KnownDataset[]; services: KnownService[] }

export async function readRegistered(records: Records | RecordsTransaction, at: number): Promise<Registered> {
  const rows = await records
    .selectFrom('register_version')
    .selectAll()
    .where('kind', 'in', ['dataset', 'service'])
    .where('entered_at', '<=', at)
    .where(eb => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', at)]))
    .orderBy('title')
    .orderBy('record_id')
    .execute()
  const versions = await readLimits(records)
  const firstEntered = await readFirstEntered(records)
  const known = rows.map(versionOf)
  return {
    datasets: known
      .filter(({ kind }) => kind === 'dataset')
      .map(record => datasetOf(record, versions, at, firstEntered.get(record.recordId) ?? record.enteredAt)),
    services: known.filter(({ kind }) => kind === 'service').map(serviceOf),
  }
}

export async function readLimits(records: Records | RecordsTransaction): Promise<LimitsVersion[]> {
  const rows = await records.selectFrom('backup_class').selectAll().orderBy('entered_at').execute()
  return rows.map(row => ({
    urgency: row.urgency,
    limits: backupLimits.parse(JSON.parse(row.limits)),
    from: row.entered_at,
    until: row.ended_at,
  }))
}

/** A correction does not make a data set younger. */
async function readFirstEntered(records: Records | RecordsTransaction): Promise<Map<string, number>> {
  const rows = await records
    .selectFrom('register_version')
    .select(['record_id', 'entered_at'])
    .where('kind', '=', 'dataset')
    .where('version', '=', 1)
    .execute()
  return new Map(rows.map(row => [row.record_id, row.entered_at]))
}

function datasetOf(
  record: RegisterVersion,
  versions: readonly LimitsVersion[],
  at: number,
  since: number,
): KnownDataset {
  const { urgency, from: urgencyFrom } = urgencyOf(record.fields)
  const limits = limitsAt(versions, urgency, at)
  const further = COPY_PLACES.find(place => place === record.fields.furtherPlace)
  return {
    ...{ id: record.recordId, name: record.title, agencyId: agencyOf(record), urgency, urgencyFrom, since },
    limits: { ...limits, places: placesOf(limits.places, further) },
  }
}

function placesOf(places: readonly CopyPlace[], further: CopyPlace | undefined): CopyPlace[] {
  return COPY_PLACES.filter(place => places.includes(place) || place === further)
}

function serviceOf(record: RegisterVersion): KnownService {
  const { datasets, holdsData } = record.fields
  return {
    ...{ id: record.recordId, name: record.title, agencyId: agencyOf(record) },
    needs: Array.isArray(datasets) ? datasets : [],
    holdsData: holdsData !== false,
  }
}

function agencyOf({ subjects }: RegisterVersion): string | null {
  return subjects.find(({ kind }) => kind === 'agency')?.id ?? null
}
