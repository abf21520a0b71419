import type { CredentialView } from '../../protocol/device-calls.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import { openPart } from './credential-secrets.ts'

/** All credentials by name, with what is read by each. */
export async function listCredentials(records: Records): Promise<CredentialView[]> {
  const rows = await records
    .selectFrom('credential')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute()
  const uses = await records
    .selectFrom('polled_device')
    .innerJoin('device', 'device.id', 'polled_device.device_id')
    .select(['device.id', 'device.name', 'credential_id'])
    .where('device.removed_at', 'is', null)
    .orderBy('device.name')
    .execute()
  const byCredential = Map.groupBy(uses, use => use.credential_id)
  return rows.map(row => ({
    ...{ id: row.id, name: row.name, version: row.version, ...openPart.parse(JSON.parse(row.open_part)) },
    ...{ createdAt: row.created_at, changedAt: row.changed_at },
    usedBy: (byCredential.get(row.id) ?? []).map(({ id, name }) => ({ id, name })),
  }))
}

/** Errors: `not-found`. */
export async function readCredential(records: Records, id: string): Promise<CredentialView> {
  const view = (await listCredentials(records)).find(one => one.id === id)
  if (view === undefined) throw new ProblemError('not-found', 'There is no credential with this id')
  return view
}
