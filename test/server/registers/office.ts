// The registers on a real database, with a clock that the story turns and a blob store on disk.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach } from 'vitest'
import type { RegisterInput } from '../../../protocol/register-views.ts'
import { userActor } from '../../../server/access/actor.ts'
import { createRegisterRecord } from '../../../server/registers/create-record.ts'
import { createBlobs } from '../../../server/stores/blobs.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { openRecords } from '../../../server/stores/records/records.ts'

export const OPERATOR = userActor({ id: '01938f6e-0000-7000-8000-0000000000aa', role: 'operator' })
export const VIEWER = userActor({ id: '01938f6e-0000-7000-8000-0000000000ab', role: 'viewer' })

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

export async function openOffice() {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-registers-'))
  const records = await openRecords({ directory })
  await sql`pragma synchronous = off`.execute(records)
  opened.push(async () => {
    await records.destroy()
    rmSync(directory, { recursive: true })
  })
  const clock = { at: Date.UTC(2026, 0, 5, 2) }
  const deps = {
    records,
    changes: createChangeFeed(),
    blobs: createBlobs({ directory: join(directory, 'blobs') }),
    now: () => clock.at,
  }
  return {
    ...{ directory, records, clock, deps },
    async server(name: string): Promise<string> {
      const id = `01938f6e-0000-7000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`
      await records
        .insertInto('device')
        .values({ id, slug: name, name, kind: 'server', machine_id: null, created_at: clock.at, removed_at: null })
        .execute()
      return id
    },
    async enter(kind: string, input: Partial<RegisterInput>): Promise<string> {
      const { recordId } = await createRegisterRecord.perform(deps, OPERATOR, { kind, title: 'Catatan', ...input })
      return recordId
    },
  }
}
