import { writeSync } from 'node:fs'
import { hostname } from 'node:os'

type Say = { (message: string): void; (fields: object, message: string): void }

/** What the agent's parts ask of a log: constant sentences, what varies in fields. */
export type Log = { debug: Say; info: Say; warn: Say; error: Say }

/** The same lines as the collector's log, in which both are read together. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const
export type LogLevel = keyof typeof LEVELS
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/**
 * JSON lines on standard output; written at once, so that nothing is lost when the process is killed. By hand: the
 * collector's log package would be three quarters of the agent's code.
 */
export function createLogger(level: LogLevel, write: (line: string) => void = writeToOutput): Log {
  const origin = { pid: process.pid, hostname: hostname(), name: 'pantau-agent' }
  const sayAt = (own: LogLevel): Say => {
    if (LEVELS[own] < LEVELS[level]) return () => {}
    return (first: string | object, message?: string): void => {
      const fields = typeof first === 'string' ? {} : first
      const head = { level: LEVELS[own], time: new Date().toISOString(), ...origin }
      write(`${JSON.stringify({ ...head, ...fields, msg: typeof first === 'string' ? first : message })}\n`)
    }
  }
  return { debug: sayAt('debug'), info: sayAt('info'), warn: sayAt('warn'), error: sayAt('error') }
}

/** Whoever read our output may be gone (EPIPE) or slow (EAGAIN); measuring goes on without the line. */
function writeToOutput(line: string): void {
  try {
    writeSync(1, line)
  } catch {
    // There is no other place to say it.
  }
}

/** The few words of an error that belong into a log field. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
