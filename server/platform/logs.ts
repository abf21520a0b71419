import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/** JSON lines on stdout. Fields whose names tell of secrets are cut out, wherever they come from. */
export function createLogger(options: { level: string; destination?: DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          '*.password',
          '*.secret',
          '*.token',
          '*.key',
          '*.authorization',
          '*.cookie',
          'password',
          'secret',
          'token',
        ],
        censor: '[secret]',
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  )
}
