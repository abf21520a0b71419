// Where this agent was installed and what it runs from. Without it (run from source) there is nothing to upgrade.
import { readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ARCHITECTURES, type Architecture } from '../../protocol/upgrade.ts'

export type OwnBundle = {
  /** Directory of all versions, with the link `current` and the launcher's notes. */
  versions: string
  /** Name of the directory of this one. */
  name: string
  version: string
  sequence: number
  arch: Architecture
}

export const TRIAL_NOTE = '.trial'
export const TRIAL_STARTS = '.trial-starts'
export const FAILED_NOTE = '.failed'

/** Name of the directory of a bundle; ends with its sequence. */
export const nameOf = ({ version, sequence }: { version: string; sequence: number }): string => `${version}-${sequence}`

/** `home` is PANTAU_AGENT_HOME. Undefined when this is no installed agent. */
export async function readOwnBundle(home: string): Promise<OwnBundle | undefined> {
  const versions = join(home, 'versions')
  try {
    const name = basename(await readlink(join(versions, 'current')))
    const about: unknown = JSON.parse(await readFile(join(versions, name, 'bundle.json'), 'utf8'))
    if (
      typeof about !== 'object' ||
      about === null ||
      !('version' in about && 'sequence' in about && 'arch' in about)
    ) {
      return undefined
    }
    const arch = ARCHITECTURES.find(one => one === about.arch)
    if (arch === undefined || typeof about.version !== 'string' || typeof about.sequence !== 'number') return undefined
    return { versions, name, version: about.version, sequence: about.sequence, arch }
  } catch {
    return undefined
  }
}

/** Sequence of the bundle that the launcher went back from; null when it never had to. */
export async function readFailed({ versions }: OwnBundle): Promise<number | null> {
  const text = await readFile(join(versions, FAILED_NOTE), 'utf8').catch(() => '')
  const sequence = Number(/-(\d{1,16})\s*$/.exec(text)?.[1])
  return Number.isSafeInteger(sequence) ? sequence : null
}
