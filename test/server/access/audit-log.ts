// Fills, notes, checks and forges an audit log, for the stories about it.
import { COLLECTOR } from '../../../server/access/actor.ts'
import { appendAudit, verifyAudit } from '../../../server/access/audit.ts'
import { readAuditHeads, recordAuditHead } from '../../../server/access/audit-heads.ts'
import { CHAIN_START, chainHash } from '../../../server/stores/chain.ts'
import type { City } from './city.ts'

export async function write(city: City, entries: number, text = 'entry'): Promise<void> {
  for (let entry = 0; entry < entries; entry += 1)
    await city.records.transaction().execute(tx =>
      appendAudit(tx, {
        at: city.clock.at,
        actor: COLLECTOR,
        action: 'test.write',
        subject: null,
        detail: { text: `${text} ${entry}` },
      }),
    )
}
export const noteHead = (city: City) =>
  recordAuditHead({ records: city.records, directory: city.directory, at: city.clock.at })
export const verify = async (city: City) => verifyAudit(city.records, await readAuditHeads(city.directory))

/** What somebody with the file and the source code would do: a whole chain that fits, made anew. */
export async function forge(city: City, change: (detail: string, seq: number) => string): Promise<void> {
  const rows = await city.records.selectFrom('audit').selectAll().orderBy('seq').execute()
  let previousHash = CHAIN_START
  for (const { previous_hash: _previous, hash: _hash, ...content } of rows) {
    const forged = { ...content, detail: change(content.detail, content.seq) }
    const hash = chainHash(previousHash, forged)
    await city.records
      .updateTable('audit')
      .set({ ...forged, previous_hash: previousHash, hash })
      .where('seq', '=', content.seq)
      .execute()
    previousHash = hash
  }
}
