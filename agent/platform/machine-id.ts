import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { orReadOnly, writeFileAtomically } from './atomic-file.ts'

async function readTrimmed(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim()
}

/**
 * SHA-256 (hex) over "pantau:" and /etc/machine-id, which machine-id(5) asks not to give away as it is. A machine
 * without one (a container) gets a random one, kept in the data directory.
 */
export async function readMachineId(dataDirectory: string, etcRoot = '/etc'): Promise<string> {
  const ofMachine = await readTrimmed(join(etcRoot, 'machine-id'))
  const kept = join(dataDirectory, 'machine-id')
  let id = /^[0-9a-f]{32}$/.test(ofMachine) ? ofMachine : await readTrimmed(kept)
  if (id === '') {
    id = randomBytes(16).toString('hex')
    await writeFileAtomically(kept, `${id}\n`).catch(orReadOnly)
  }
  return createHash('sha256').update(`pantau:${id}`).digest('hex')
}
