import type { Log } from '../../../agent/platform/logger.ts'

export type LogLine = { level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> }

/** A log that tests can read. */
export function createMemoryLog(): { log: Log; lines: LogLine[]; messages: (level?: LogLine['level']) => string[] } {
  const lines: LogLine[] = []
  const at =
    (level: LogLine['level']) =>
    (first: unknown, message?: string): void => {
      if (typeof first === 'string') lines.push({ level, message: first, fields: {} })
      else lines.push({ level, message: message ?? '', fields: { ...(first as object) } })
    }
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return {
    log,
    lines,
    messages: level => lines.filter(line => level === undefined || line.level === level).map(line => line.message),
  }
}
