// What access does by itself once an hour and at stop: sweeps sessions, counts failed logins into the audit log, notes
// the head of the audit chain.
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records } from '../stores/records/records.ts'
import { recordAuditHead } from './audit-heads.ts'
import { sweepSessions } from './sessions.ts'
import type { SignInFailures } from './sign-in-failures.ts'

export type AccessUpkeepDeps = {
  records: Records
  changes: ChangeFeed
  failures: SignInFailures
  /** Where `audit-heads.log` is. */
  directory: string
  log: Logger
  now: () => number
}

export type AccessUpkeep = {
  start(): void
  /** Does all of it a last time; the records must still be open. */
  stop(): Promise<void>
  /** Once, now. A step that fails is logged and does not keep the others from being done. */
  run(): Promise<void>
}

const EVERY_MS = 3_600_000

export function createAccessUpkeep(deps: AccessUpkeepDeps): AccessUpkeep {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function runOnce(): Promise<void> {
    const at = deps.now()
    const steps = {
      'sweep of sessions': async () => {
        for (const userId of await sweepSessions(deps.records, at)) deps.changes.append({ kind: 'access', userId })
      },
      'count of failed logins': () => deps.failures.write(deps.records, at),
      'head of the audit log': () => recordAuditHead({ records: deps.records, directory: deps.directory, at }),
    }
    for (const [step, work] of Object.entries(steps)) {
      try {
        await work()
      } catch (error) {
        deps.log.error({ step, err: error }, 'Upkeep of access failed')
      }
    }
  }

  const run = () => {
    running = running.then(runOnce)
    return running
  }

  return {
    start() {
      timer ??= setInterval(run, EVERY_MS).unref()
    },
    stop() {
      clearInterval(timer)
      return run()
    },
    run,
  }
}
