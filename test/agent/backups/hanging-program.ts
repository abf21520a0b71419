import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A program of this name that hangs, as does what it starts; `mark` stands in the command line of both. */
export function hangingProgram(root: string, name: string): { folder: string; mark: string } {
  const folder = join(root, 'bin')
  mkdirSync(folder)
  // Seconds that nobody else sleeps.
  const mark = `${86_000 + process.pid / 1e7}`
  writeFileSync(join(folder, name), `#!/bin/sh\nsleep ${mark} & exec sleep ${mark}\n`, { mode: 0o755 })
  return { folder, mark }
}

/** Of all processes of this machine. */
export function commandLines(): string[] {
  return readdirSync('/proc').flatMap(pid => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : []
    } catch {
      return []
    }
  })
}
