// The clock of the evaluator: silence is judged each second, windows each minute, and the collector writes down that it
// was awake, so that nobody is blamed for the time in which it was not.
import { COLLECTOR_SUBJECT, recordHeard } from '../availability/heard.ts'
import { COLLECTOR_PATIENCE_MS } from '../availability/subject-state.ts'
import type { Logger } from '../platform/logs.ts'
import type { Records } from '../stores/records/records.ts'
import type { Evaluator } from './evaluator.ts'

const TICK_MS = 1_000
const AWAKE_EVERY_MS = 5_000
const WINDOWS_EVERY_MS = 60_000

export type Ticker = { start(): void; stop(): Promise<void> }

export function createTicker(deps: { records: Records; evaluator: Evaluator; log: Logger; now: () => number }): Ticker {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let busy = false
  let awakeNotedAt = 0
  let windowsJudgedAt = 0

  async function tick(): Promise<void> {
    const at = deps.now()
    await deps.evaluator.tick(at)
    if (at - awakeNotedAt >= AWAKE_EVERY_MS) {
      await noteAwake(at)
      awakeNotedAt = at
    }
    if (at - windowsJudgedAt >= WINDOWS_EVERY_MS) {
      await deps.evaluator.evaluateWindows(at)
      windowsJudgedAt = at
    }
  }

  async function noteAwake(at: number): Promise<void> {
    await deps.records.transaction().execute(tx =>
      recordHeard(tx, {
        subjectId: COLLECTOR_SUBJECT,
        times: [at],
        patienceMs: COLLECTOR_PATIENCE_MS,
        bootedAt: null,
      }),
    )
  }

  return {
    start() {
      timer = setInterval(() => {
        // A slow tick is not overtaken by the next one.
        if (busy) return
        busy = true
        running = tick()
          .catch(error => deps.log.error({ err: error }, 'A tick of the evaluator failed'))
          .finally(() => {
            busy = false
          })
      }, TICK_MS)
    },
    async stop() {
      clearInterval(timer)
      await running
      await noteAwake(deps.now()).catch(error => deps.log.error({ err: error }, 'The last tick could not be noted'))
    },
  }
}
