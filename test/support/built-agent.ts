import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../architecture/tree.ts'

/** Builds the agent as an installer carries it, into `directory`; path of its main program. */
export function buildAgent(directory: string): string {
  const rolldown = join(ROOT, 'node_modules/rolldown/bin/cli.mjs')
  const args = [rolldown, '-c', join(ROOT, 'agent/rolldown.config.mjs'), '--logLevel', 'silent', '--dir', directory]
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  return join(directory, 'agent.mjs')
}
