import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { verifyAudit } from '../access/audit.ts'
import { readAuditHeads } from '../access/audit-heads.ts'
import { verifyEvidence } from '../rules/evidence.ts'
import { openRecords } from '../stores/records/records.ts'

const HELP = `pantau audit verify: check the hash chains of the audit log and of the evidence

  --data DIR    data directory of the collector; also PANTAU_DATA (default ./data)
  --head HASH   a head that was noted elsewhere (a report, the log): it must stand in the chain

The heads that the collector noted in audit-heads.log are always checked. Works beside a running collector.
Exit code 0: everything holds; 1: something was changed, removed or reordered.
`

export async function auditCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { data: { type: 'string' }, head: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help === true) {
    console.log(HELP)
    return 0
  }
  if (positionals.length !== 1 || positionals[0] !== 'verify') {
    console.error(HELP)
    return 2
  }
  const directory = values.data ?? env.PANTAU_DATA ?? './data'
  if (!existsSync(join(directory, 'records.db'))) throw new Error(`${directory} holds no records of a collector`)
  const records = await openRecords({ directory })
  try {
    const { heads, unreadableLines } = await readAuditHeads(directory)
    const audit = await verifyAudit(records, { heads, ...(values.head === undefined ? {} : { head: values.head }) })
    const evidence = await verifyEvidence(records)
    for (const line of unreadableLines) console.error(`audit-heads.log line ${line} can't be read`)
    if (audit.broken !== null) console.error(`audit log: broken at entry ${audit.broken.seq}: ${audit.broken.reason}`)
    if (evidence !== null) console.error(`evidence: broken at entry ${evidence.seq}: ${evidence.reason}`)
    if (audit.broken !== null || evidence !== null || unreadableLines.length > 0) return 1
    console.log(
      `audit log and evidence hold: ${audit.entries} entries, ${heads.length} noted heads, head ${audit.head}`,
    )
    return 0
  } finally {
    await records.destroy()
  }
}
