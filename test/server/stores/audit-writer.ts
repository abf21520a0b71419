// Writes audit entries as fast as it can and prints the number of each once it is committed, until it is killed.
import { writeSync } from 'node:fs'
import { COLLECTOR } from '../../../server/access/actor.ts'
import { appendAudit } from '../../../server/access/audit.ts'
import { openRecords } from '../../../server/stores/records/records.ts'

const records = await openRecords({ directory: process.argv[2] ?? '' })
const { count } = await records
  .selectFrom('audit')
  .select(({ fn }) => fn.countAll<number>().as('count'))
  .executeTakeFirstOrThrow()
for (let number = count + 1; ; number += 1) {
  await records
    .transaction()
    .execute(tx => appendAudit(tx, { at: number, actor: COLLECTOR, action: 'test.write', subject: null, detail: {} }))
  writeSync(1, `${number}\n`)
}
