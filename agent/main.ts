import { startAgent } from './app.ts'
import { type AgentConfig, ConfigError, HELP, parseConfig } from './config.ts'
import { systemClock } from './platform/clock.ts'
import { DataDirectoryInUse } from './platform/data-lock.ts'
import { createLogger, reasonOf } from './platform/logger.ts'
import { stayInterpreted } from './platform/stay-small.ts'
import { readVersion } from './platform/version.ts'
import type { Environment } from './uplink/proxy.ts'

const EXIT = { stopped: 0, failed: 1, usage: 2, refused: 3, upgraded: 75 } as const

/** Of the three seconds that a stop may take, so much goes into delivering. */
const DELIVER_WITHIN_MS = 2_000
const STOP_WITHIN_MS = 3_000

/** Runs the agent until it is told to stop; gives the exit code: 0 stopped, 1 failed, 2 wrong option, 3 refused, 75 start me anew. */
export async function runAgent(argv: string[], env: Environment): Promise<number> {
  let config: AgentConfig | 'help'
  try {
    config = parseConfig(argv, env)
  } catch (error) {
    return complain(error)
  }
  if (config === 'help') {
    process.stdout.write(HELP)
    return EXIT.stopped
  }

  const log = createLogger(config.logLevel)
  // Listened for from the first moment: a stop that comes while it starts is obeyed right after.
  const told = untilToldToStop()
  try {
    const agent = await startAgent({ config, version: readVersion(), clock: systemClock, log })
    stayInterpreted()
    const why = await Promise.race([told, agent.refused, agent.upgraded])
    const deadline = setTimeout(() => {
      log.error('stop took too long, ending at once')
      process.kill(process.pid, 'SIGKILL')
    }, STOP_WITHIN_MS).unref()
    if (why instanceof Error) log.error({ reason: why.message }, 'agent ends, it needs a valid enrolment token')
    else log.info({ why }, 'agent stops')
    const { hangingReads } = await agent.stop(DELIVER_WITHIN_MS)
    log.info('agent stopped')
    // A read that never returns holds a thread, and process.exit() would wait for it for ever.
    if (hangingReads.length > 0) process.kill(process.pid, 'SIGKILL')
    clearTimeout(deadline)
    if (why === 'upgraded') return EXIT.upgraded
    return why instanceof Error ? EXIT.refused : EXIT.stopped
  } catch (error) {
    return complain(error)
  } finally {
    // An open channel to the parent would keep this process alive.
    if (process.connected) process.disconnect()
  }
}

/** Mistakes of the person at the command line are told in one plain line, all else in the log's form too. */
function complain(error: unknown): number {
  process.stderr.write(`pantau agent: ${reasonOf(error)}\n`)
  return error instanceof ConfigError || error instanceof DataDirectoryInUse ? EXIT.usage : EXIT.failed
}

/** A signal, or the end of the process that started this one with a channel: the collector's own agent ends with it. */
function untilToldToStop(): Promise<string> {
  return new Promise(resolve => {
    process.once('SIGTERM', () => resolve('SIGTERM'))
    process.once('SIGINT', () => resolve('SIGINT'))
    if (process.channel === undefined || process.channel === null) return
    process.once('disconnect', () => resolve('parent ended'))
    if (!process.connected) resolve('parent ended')
  })
}

if (import.meta.main) process.exit(await runAgent(process.argv.slice(2), process.env))
