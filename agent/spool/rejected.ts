import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isPacked } from './packed-part.ts'
import type { SpoolRecord } from './record.ts'

const MOST_FILES = 200
const MOST_BYTES = 32 * 1024 * 1024

/**
 * Keeps a refused batch and the collector's reason beside the spool, for a person to look at. The oldest go when there
 * are more than 200 files or 32 MiB.
 */
export async function setAside(directory: string, record: SpoolRecord, problem: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const name = String(record.number).padStart(16, '0')
  const ending = isPacked(record.body) ? 'batch.json.gz' : 'batch.json'
  await writeFile(join(directory, `${name}.${ending}`), record.body, { mode: 0o600 })
  await writeFile(join(directory, `${name}.problem.txt`), `${problem}\n`, { mode: 0o600 })
  await thinOut(directory)
}

async function thinOut(directory: string): Promise<void> {
  const names = (await readdir(directory)).sort().reverse()
  let bytes = 0
  for (const [index, name] of names.entries()) {
    const path = join(directory, name)
    bytes += (await stat(path)).size
    if (index >= MOST_FILES || bytes > MOST_BYTES) await rm(path, { force: true })
  }
}
