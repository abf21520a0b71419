import { type Logger, pino } from 'pino'

/** What the agent's parts ask of a log: constant sentences, what varies in fields. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** JSON lines on standard output; written at once, so that nothing is lost when the process is killed. */
export function createLogger(level: string): Log {
  const destination = pino.destination({ fd: 1, sync: true })
  // Whoever read our output may be gone (EPIPE); measuring goes on.
  destination.on('error', () => {})
  return pino({ name: 'pantau-agent', level, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}

/** The few words of an error that belong into a log field. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
