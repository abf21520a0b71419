// Writes audit entries as fast as it can and prints the number of each once it is committed, until it is killed.
import { writeSync } from 'node:fs'
import { COLLECTOR } from '../../../server/access/actor.ts'
import { appendAudit } from '../../../server/access/audit.ts'
import { openKeptRecords } from '../../../server/stores/records/kept-records.ts'

const { records } = await openKeptRecords({
  directory: process.argv[2] ?? '',
  // Copied into the file all the time, so that most kills come amid that.
  logLimits: { pages: 1, everyMs: 0 },
  onTrouble(error) {
    if (error !== null) throw error
  },
})
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
