// What is remembered of the bundles that were made, so that a restart makes none again and no sequence is used twice.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ARCHITECTURES, type Architecture } from '../../protocol/upgrade.ts'

const bundleNote = z.strictObject({
  /** Fingerprint of what went in. */
  inputs: z.string(),
  version: z.string(),
  sequence: z.int(),
  bytes: z.int(),
  sha256: z.string(),
})
export type BundleNote = z.infer<typeof bundleNote>
const notes = z.partialRecord(z.enum(ARCHITECTURES), bundleNote)

/** Empty where there are none yet. Errors: a damaged file, because a forgotten sequence would be given out again. */
export function readNotes(directory: string): z.infer<typeof notes> {
  let text: string
  try {
    text = readFileSync(join(directory, 'bundles.json'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
  return notes.parse(JSON.parse(text))
}

export function writeNote(directory: string, arch: Architecture, note: BundleNote): void {
  const path = join(directory, 'bundles.json')
  // Read anew: bundles of two kinds of machines may be made at once.
  const all = { ...readNotes(directory), [arch]: note }
  writeFileSync(`${path}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}
