// Commands of `pantau` that look at a collector's data or configuration without running one.
import { auditCommand } from './audit.ts'
import { backupSelfCommand } from './backup-self.ts'
import { checkCommand } from './check.ts'
import { evidenceCommand } from './evidence.ts'
import { exportCommand } from './export.ts'
import { healthCommand } from './health.ts'
import { restoreSelfCommand } from './restore-self.ts'
import { rulesCommand } from './rules.ts'

const COMMANDS: Record<string, (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>> = {
  audit: auditCommand,
  'backup-self': backupSelfCommand,
  check: checkCommand,
  evidence: evidenceCommand,
  export: exportCommand,
  health: healthCommand,
  'restore-self': restoreSelfCommand,
  rules: rulesCommand,
}

/** Exit code: 0 all is well, 1 it is not, 2 the call was wrong. */
export async function runCommand(name: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = COMMANDS[name]
  if (command === undefined) {
    console.error(`pantau: there is no command "${name}"`)
    return 2
  }
  try {
    return await command(argv, env)
  } catch (error) {
    console.error(`pantau ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return isWrongCall(error) ? 2 : 1
  }
}

/** What parseArgs of node:util throws for an option that is none. */
function isWrongCall(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
}
