// A case of a backup tool as data: what was done to the place, what is asked, what must come out.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { LookContext } from '../../../../../agent/sources/backups/backup-tool.ts'
import { lookOnce } from '../../../../../agent/sources/backups/look-once.ts'
import { type ReadyJob, TOOLS } from '../../../../../agent/sources/backups/registry.ts'
import { makeScratch, type Scratch } from '../../../../../agent/sources/backups/scratch.ts'
import type { BackupToolName, BackupTrouble } from '../../../../../protocol/backup-words.ts'

export type Action = 'look' | 'verify' | 'restore a sample' | 'restore all'

export type BackupCase = {
  /** As a sentence reads on: "restic: a wrong password". */
  what: string
  action: Action
  /** The job's own lines. */
  job: Readonly<Record<string, unknown>>
  withinMs?: number
  /** A scratch place of one's own. */
  scratch?: string
  trouble: BackupTrouble | null
  /** What the tool's own words must say. */
  says?: RegExp
  /** Of a look: newest first, what is known of each. */
  copies?: readonly object[]
  /** Of a restore test. */
  proof?: object
}

const SECRET = 'rahasia-kota-7b'
export const PASSWORD = SECRET
const DATASET = '0190a1b2-0000-7000-8000-000000000001'
const LONGEST_MS = 60_000

export async function readyJob(tool: BackupToolName, job: BackupCase['job']): Promise<ReadyJob> {
  const prepare = await TOOLS[tool]?.()
  if (prepare === undefined) throw new Error(`no such tool: ${tool}`)
  return prepare(job)
}

/** Does what the case asks and holds what comes out against what must; no secret may be in it. */
export async function holdCase(
  tool: BackupToolName,
  one: BackupCase,
  notes: Map<string, string> = new Map(),
): Promise<void> {
  const ready = await readyJob(tool, one.job)
  const signal = AbortSignal.timeout(one.withinMs ?? LONGEST_MS)
  const context: LookContext = {
    now: Date.now,
    signal,
    notes: { get: key => notes.get(key), set: (key, value) => void notes.set(key, value) },
  }
  const found = await outcomeOf(tool, one, ready, context)
  expect(JSON.stringify(found)).not.toContain(SECRET)
  expect({ trouble: found.trouble, said: found.detail }).toEqual({
    trouble: one.trouble,
    said: one.says === undefined ? expect.any(String) : expect.stringMatching(one.says),
  })
  if (one.copies !== undefined) expect(found.copies).toMatchObject(one.copies)
  if (one.proof !== undefined) expect(found.proof).toMatchObject(one.proof)
}

type Outcome = { trouble: BackupTrouble | null; detail: string; copies?: object[]; proof?: object }

async function outcomeOf(
  tool: BackupToolName,
  one: BackupCase,
  ready: ReadyJob,
  context: LookContext,
): Promise<Outcome> {
  if (one.action === 'look') return lookOnce({ dataset: DATASET, name: 'malam', tool, ready }, context)
  if (one.action === 'verify') {
    if (ready.verify === undefined) throw new Error(`${tool} has no check of its own`)
    return ready.verify(context)
  }
  if (ready.restore === undefined) throw new Error(`${tool} restores nothing`)
  const own = mkdtempSync(join(tmpdir(), 'pantau-case-'))
  // Servers run as somebody else.
  chmodSync(own, 0o711)
  let place: Scratch | undefined
  try {
    const serverUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined
    place = await makeScratch(one.scratch ?? own, DATASET, serverUser)
    const scope = one.action === 'restore all' ? 'all' : 'sample'
    const restored = await ready.restore({ ...context, scratch: place.folder, scope, progress: () => {}, serverUser })
    return { detail: '', ...restored }
  } finally {
    await place?.remove()
    rmSync(own, { recursive: true, force: true })
  }
}
