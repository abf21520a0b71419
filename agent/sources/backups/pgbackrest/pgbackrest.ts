// Backups of a PostgreSQL cluster in a pgBackRest repository.
import type { BackupTool } from '../backup-tool.ts'
import { type Fields, optionalPath, refuseOthers } from '../fields.ts'
import type { Trouble } from '../program-trouble.ts'
import {
  openPgbackrest,
  PGBACKREST_FIELDS,
  type Pgbackrest,
  type PgbackrestRepository,
  repositoryFields,
  SIGNS,
} from './pgbackrest-program.ts'
import { restoreCluster } from './restore-cluster.ts'
import { readStanza, type Stanza } from './stanza.ts'

export type PgbackrestJob = PgbackrestRepository & {
  /** Folder with `postgres` and `psql` of the cluster's version; where Debian has them when left out. */
  binaries: string | undefined
}

const FIELDS = [...PGBACKREST_FIELDS, 'binaries']
/** Its log goes to where its answer goes. */
const QUIET = ['--log-level-console=off']

export const pgbackrest: BackupTool<PgbackrestJob> = {
  name: 'pgbackrest',
  parse,
  async look(job, { signal }) {
    const opened = await openPgbackrest(job, signal)
    if (opened.trouble !== null) return opened
    const stanza = await askStanza(opened, job)
    if (stanza.trouble !== null) return stanza
    return {
      trouble: null,
      copies: stanza.backups.map(({ label, ...backup }) => ({ id: label, ...backup })),
      copyCount: stanza.backups.length,
      oldestAt: stanza.backups.at(-1)?.takenAt ?? null,
      verifiedAt: null,
    }
  },
  async verify(job, { signal }) {
    const opened = await openPgbackrest(job, signal)
    if (opened.trouble !== null) return opened
    const end = await opened.run([...QUIET, '--output=text', '--verbose', 'verify'])
    if (end.ended !== 'itself' || end.code !== 0) return opened.troubleOf(end)
    // It ends with 0 also when files are missing.
    const [, status] = /^\s*status: (\w+)/m.exec(end.stdout) ?? []
    const invalid = end.stdout.split('\n').filter(line => /status: invalid|(missing|invalid|other): [1-9]/.test(line))
    if (status === 'ok' && invalid.length === 0)
      return { trouble: null, detail: 'every file held against its checksum' }
    if (status === undefined) return { trouble: 'answer-unreadable', detail: 'verify told no status' }
    return { trouble: 'damaged', detail: invalid.map(line => line.trim()).join('; ') || `status: ${status}` }
  },
  async restore(job, context) {
    const opened = await openPgbackrest(job, context.signal)
    if (opened.trouble !== null) return opened
    const stanza = await askStanza(opened, job)
    if (stanza.trouble !== null) return stanza
    return restoreCluster(opened, job.binaries, stanza, context)
  },
}

function parse(fields: Fields): PgbackrestJob {
  refuseOthers(fields, FIELDS)
  return { ...repositoryFields(fields), binaries: optionalPath(fields, 'binaries') }
}

async function askStanza(pgbackrest: Pgbackrest, { stanza }: PgbackrestJob): Promise<Stanza | Trouble> {
  const end = await pgbackrest.run([...QUIET, '--output=json', 'info'])
  if (end.ended !== 'itself' || end.code !== 0) return pgbackrest.troubleOf(end)
  return readStanza(end.stdout, stanza, SIGNS)
}
