// Puts a bundle beside the one that runs and switches to it. The launcher starts it on trial and goes back by itself.
import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { BundleManifest } from '../../protocol/upgrade.ts'
import { syncFolder, writeFileAtomically } from '../platform/atomic-file.ts'
import { nameOf, type OwnBundle, TRIAL_NOTE, TRIAL_STARTS } from './own-bundle.ts'
import { unpack } from './unpack.ts'

const UNPACKING = '.unpacking'

/** `archive` is the .tar.gz as it comes. Nothing is switched before every byte of it was checked against the manifest. */
export async function takeBundle(
  own: OwnBundle,
  manifest: BundleManifest,
  archive: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { versions } = own
  const name = nameOf(manifest)
  const fresh = join(versions, UNPACKING)
  await rm(fresh, { recursive: true, force: true })
  try {
    // What ran before this one is not needed any more: room for the next.
    for (const other of await readdir(versions)) {
      if (other !== own.name && /-\d+$/.test(other)) await rm(join(versions, other), { recursive: true, force: true })
    }
    const gunzip = createGunzip()
    const hash = createHash('sha256')
    let bytes = 0
    const feeding = (async () => {
      for await (const part of archive) {
        bytes += part.length
        if (bytes > manifest.bytes) throw new Error('the bundle is longer than its manifest says')
        hash.update(part)
        if (!gunzip.write(part)) await new Promise(resolve => gunzip.once('drain', resolve))
      }
      if (bytes !== manifest.bytes || hash.digest('hex') !== manifest.sha256) {
        throw new Error('the bundle is not the one that was signed')
      }
      gunzip.end()
    })()
    feeding.catch(error => gunzip.destroy(error))
    await Promise.all([unpack(gunzip, fresh), feeding])
    const about: unknown = JSON.parse(await readFile(join(fresh, 'bundle.json'), 'utf8'))
    const { version, sequence, arch } = manifest
    if (JSON.stringify(about) !== JSON.stringify({ version, sequence, arch })) {
      throw new Error('the bundle says something else of itself than its manifest')
    }
    await rename(fresh, join(versions, name))
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => {})
    throw error
  }
  await rm(join(versions, TRIAL_STARTS), { force: true })
  // The note comes before the switch: a switch without it would not be on trial.
  await writeFileAtomically(join(versions, TRIAL_NOTE), `${name} ${own.name}\n`)
  const link = join(versions, '.current-new')
  await rm(link, { force: true })
  await symlink(name, link)
  await rename(link, join(versions, 'current'))
  await syncFolder(versions)
}

/** Whether the running bundle is on trial. */
export async function isOnTrial({ versions, name }: OwnBundle): Promise<boolean> {
  const note = await readFile(join(versions, TRIAL_NOTE), 'utf8').catch(() => '')
  return note.split(' ')[0] === name
}

/** A batch was acknowledged: the trial is passed. */
export async function passTrial({ versions }: OwnBundle): Promise<void> {
  await rm(join(versions, TRIAL_NOTE), { force: true })
  await rm(join(versions, TRIAL_STARTS), { force: true })
}
