// Where what belongs to backups lies.
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunPurpose } from '../../../protocol/backup-words.ts'
import { writeFileAtomically } from '../../platform/atomic-file.ts'
import type { Notes } from './backup-tool.ts'

/** Where an installed agent looks for its jobs. */
export const JOB_FILE = '/etc/pantau/backups.yaml'

export type JobId = { dataset: string; name: string }

export const runsFolder = (data: string): string => join(data, 'backups', 'runs')
export const scratchFolder = (data: string): string => join(data, 'backups', 'scratch')
const notesFile = (data: string, { dataset, name }: JobId): string =>
  join(data, 'backups', 'notes', `${dataset}.${name}.json`)
const checkedFile = (data: string, { dataset, name }: JobId, purpose: RunPurpose): string =>
  join(data, 'backups', 'checked', `${dataset}.${name}.${purpose}.json`)

async function readRecord(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // Never written, or hurt: it is looked at again.
    return {}
  }
}

async function writeRecord(path: string, record: object): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  await writeFileAtomically(path, JSON.stringify(record))
}

/** `keep` writes what was noted since; a disk that takes nothing costs the next look its time, no more. */
export async function openNotes(data: string, job: JobId): Promise<Notes & { keep(): Promise<void> }> {
  const path = notesFile(data, job)
  const before = await readRecord(path)
  const noted: Record<string, string> = {}
  return {
    get(key) {
      const value = noted[key] ?? before[key]
      return typeof value === 'string' ? value : undefined
    },
    set(key, value) {
      noted[key] = value
    },
    async keep() {
      if (JSON.stringify(noted) !== JSON.stringify(before)) await writeRecord(path, noted).catch(() => {})
    },
  }
}

/** When a job was last checked so, UTC ms, and whether that went well. */
export type Checked = { at: number; wasGood: boolean }

export async function readChecked(data: string, job: JobId, purpose: RunPurpose): Promise<Checked | undefined> {
  const { at, wasGood } = await readRecord(checkedFile(data, job, purpose))
  return typeof at === 'number' ? { at, wasGood: wasGood === true } : undefined
}

export async function writeChecked(data: string, job: JobId, purpose: RunPurpose, checked: Checked): Promise<void> {
  await writeRecord(checkedFile(data, job, purpose), checked)
}
