// The private keys of a collector inside a copy: sealed, so that a copy may leave the house and its vault.key stays.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Vault } from '../stores/vault.ts'
import { KEYS, SEALED_FILES } from './layout.ts'
import { OwnCopyError } from './own-copy-error.ts'

const PURPOSE = 'own-copy'
const sealedFiles = z.partialRecord(z.enum(SEALED_FILES), z.base64())

export async function sealKeys(deps: { vault: Vault; directory: string; copy: string }): Promise<void> {
  const files: Record<string, string> = {}
  for (const path of SEALED_FILES) {
    const content = await readFile(join(deps.directory, path)).catch(orNothing)
    if (content !== null) files[path] = content.toString('base64')
  }
  const sealed = deps.vault.seal(JSON.stringify(files), PURPOSE)
  await writeFile(join(deps.copy, KEYS), `${sealed}\n`, { mode: 0o600, flush: true, flag: 'wx' })
}

/** Puts them where they stood. Errors: OwnCopyError when it is another key. */
export async function unsealKeys(deps: { vault: Vault; copy: string; directory: string }): Promise<void> {
  const sealed = (await readFile(join(deps.copy, KEYS), 'utf8')).trim()
  let text: string
  try {
    text = deps.vault.open(sealed, PURPOSE)
  } catch {
    throw new OwnCopyError({
      en: `${KEYS} can't be opened with this key`,
      id: `${KEYS} tidak dapat dibuka dengan kunci ini`,
    })
  }
  for (const [path, content] of Object.entries(sealedFiles.parse(JSON.parse(text)))) {
    const to = join(deps.directory, path)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await writeFile(to, Buffer.from(content, 'base64'), { mode: 0o600, flush: true, flag: 'wx' })
  }
}

export function orNothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
