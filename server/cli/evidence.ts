import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readAuditHeads } from '../access/audit-heads.ts'
import { verifyAll } from '../rules/verify-all.ts'
import { createBlobs } from '../stores/blobs.ts'
import { openRecords } from '../stores/records/records.ts'

const HELP = `pantau evidence verify: check everything that is kept as evidence, and name what was changed

  --data DIR    data directory of the collector; also PANTAU_DATA (default ./data)

Checks the chain of verdicts, the manifest of each day, the audit log, and the files that lie with records. Works beside a
running collector. Exit code 0: everything holds; 1: something was changed, removed or reordered.
`

export async function evidenceCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
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
    const blobs = createBlobs({ directory: join(directory, 'blobs') })
    const { heads } = await readAuditHeads(directory)
    const faults = await verifyAll({ records, blobs, heads })
    for (const fault of faults) console.error(fault)
    if (faults.length === 0) console.log('evidence holds: verdicts, manifests, audit log and files')
    return faults.length === 0 ? 0 : 1
  } finally {
    await records.destroy()
  }
}
