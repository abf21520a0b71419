// What may happen with any program, told by stand-ins for it.
import { join } from 'node:path'
import type { BackupCase } from './backup-case.ts'
import { standIn } from './changed-copy.ts'

/** `job` gives a good job with other lines; the stand-ins are written into `folder`. */
export function programCases(folder: string, job: (more: object) => BackupCase['job']): BackupCase[] {
  const look = (what: string, script: string, trouble: BackupCase['trouble'], more: object = {}): BackupCase => {
    const program = standIn(join(folder, what.replaceAll(' ', '-')), script)
    return { what, action: 'look', job: job({ program }), trouble, ...more }
  }
  const missing = join(folder, 'tiada')
  return [
    look('a program that never ends', 'exec sleep 600', 'timeout', { withinMs: 300 }),
    look('an answer that never ends', 'exec yes', 'answer-unreadable', { says: /never came to an end/ }),
    look('an answer of another kind', 'echo "<html>Sign in</html>"', 'answer-unreadable'),
    look('a program that fails without a word', 'exit 7', 'command-failed', { says: /code 7/ }),
    { what: 'no such program on the machine', action: 'look', job: job({ program: missing }), trouble: 'tool-missing' },
  ]
}
