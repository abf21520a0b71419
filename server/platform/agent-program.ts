// How an agent is started: the built program where it is there and not older than its sources, else from source.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * What keeps a long-running agent small; measured, see docs/reference/performance.md. `--lite-mode` takes WebAssembly
 * away, which reading TypeScript needs, so it is for the built program only.
 */
export const BUILT_AGENT_FLAGS = ['--lite-mode', '--max-old-space-size=12', '--max-semi-space-size=1'] as const
/** The agent beside the collector is the city's poller: it passes on thousands of figures a second, at full speed. */
const POLLER_FLAGS = ['--max-old-space-size=96', '--max-semi-space-size=2'] as const

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
