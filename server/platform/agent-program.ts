// How an agent is started: the built program where it is there and not older than its sources, else from source.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What keeps a long-running agent small; measured, see docs/reference/performance.md and agent/platform/stay-small.ts. */
export const BUILT_AGENT_FLAGS = [
  '--max-old-space-size=12',
  '--max-semi-space-size=1',
  '--single-threaded-gc',
  '--v8-pool-size=1',
  '--use-openssl-ca',
] as const
/** The agent beside the collector is the city's poller: it passes on thousands of figures a second, at full speed. */
const POLLER_FLAGS = ['--max-old-space-size=96', '--max-semi-space-size=2'] as const

/** Has glibc give back to the machine what is free: 5 MB of an agent. The same stands in agent/install/launch.sh. */
export const AGENT_MEMORY_ENV = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '32768',
  MALLOC_TOP_PAD_: '4096',
  MALLOC_TRIM_THRESHOLD_: '65536',
} as const

/** Arguments of Node that come before the agent's own. */
export function agentProgram(root = ROOT): string[] {
  const built = join(root, 'agent/dist/agent.mjs')
  return [...POLLER_FLAGS, ...(isFresh(root, built) ? [built] : [join(root, 'pantau.mjs'), 'agent'])]
}

/** Someone who works on the agent sees what they wrote, not what was built before. */
function isFresh(root: string, built: string): boolean {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs
  if (builtAt === undefined) return false
  return ['agent', 'protocol'].every(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.ts'))
      .every(path => statSync(join(root, folder, path)).mtimeMs <= builtAt),
  )
}
