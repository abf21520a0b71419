// A copy of the source tree as somebody would clone it: without what installing, building and running make.
import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MADE = ['node_modules', 'data', '.git', '.cache']

/** Answers the directory; whoever asked removes it. */
export function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'pantau-clone-'))
  for (const name of readdirSync(ROOT))
    if (!MADE.includes(name))
      cpSync(join(ROOT, name), join(copy, name), { recursive: true, filter: path => !path.endsWith('/dashboard/dist') })
  return copy
}

/** The environment as it is outside of npm: no pinned Node on the PATH yet, nothing that npm says of this tree. */
export function environmentOutsideNpm(): NodeJS.ProcessEnv {
  const ofNpm =
    /^(npm_(package|lifecycle|execpath|node_execpath|command|config_local_prefix)|INIT_CWD$|VITEST|NODE_ENV$|NODE_COMPILE_CACHE$)/
  const kept = Object.entries(process.env).filter(([name]) => !ofNpm.test(name) && !name.startsWith('PANTAU_'))
  const PATH = (process.env.PATH ?? '').split(':').filter(folder => !folder.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: PATH.join(':') }
}
