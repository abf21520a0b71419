// Reads what the city set: enabled packs, settings, and the versions of its registers.
import { parameterValue } from '../../../protocol/shapes.ts'
import { versionOf } from '../../registers/record-rows.ts'
import type { Records } from '../../stores/records/records.ts'
import type { EnabledPack, RuleSetting } from './in-force.ts'
import type { KnownRecord } from './register-index.ts'

export async function readEnabledPacks(records: Records): Promise<(EnabledPack & { id: string })[]> {
  const rows = await records.selectFrom('enabled_pack').selectAll().orderBy('entered_at').execute()
  return rows.map(row => ({
    id: row.id,
    packId: row.pack_id,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    enteredAt: row.entered_at,
    endedAt: row.ended_at,
  }))
}

export async function readSettings(records: Records): Promise<RuleSetting[]> {
  const rows = await records.selectFrom('rule_setting').selectAll().orderBy('entered_at').execute()
  return rows.map(row => ({
    id: row.id,
    ruleId: row.rule_id,
    name: row.name,
    value: parameterValue.parse(JSON.parse(row.value)),
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    author: row.author,
    decree: row.decree,
    enteredAt: row.entered_at,
    endedAt: row.ended_at,
  }))
}

/** All versions, or only those that stand. */
export async function readVersions(records: Records, which: 'standing' | 'all'): Promise<KnownRecord[]> {
  const rows = await records
    .selectFrom('register_version')
    .selectAll()
    .$if(which === 'standing', query => query.where('ended_at', 'is', null))
    .orderBy('entered_at')
    .execute()
  const files = await records
    .selectFrom('register_attachment')
    .select(['record_id', eb => eb.fn.countAll<number>().as('files')])
    .groupBy('record_id')
    .execute()
  const filesOf = new Map(files.map(row => [row.record_id, Number(row.files)]))
  return rows.map(row => ({ ...versionOf(row), files: filesOf.get(row.record_id) ?? 0 }))
}
