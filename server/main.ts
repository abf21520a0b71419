import { pathToFileURL } from 'node:url'
import { startCollector } from './app.ts'
import { ConfigError, loadConfig } from './config.ts'
import { createLogger } from './platform/logs.ts'

const HELP = `pantau server: the collector with its wall

  --config FILE      configuration (YAML); also PANTAU_CONFIG
  --data DIR         where everything is kept; also PANTAU_DATA (default ./data)
  --listen HOST:PORT also PANTAU_LISTEN (default 127.0.0.1:8420)
  --help

Secrets: PANTAU_ADMIN_TOKEN or PANTAU_ADMIN_TOKEN_FILE (an API token with all rights).
All settings: config/pantau.example.yaml
`

const CLOSING_MS = 60_000

/** Runs the collector until it is told to stop. Exit codes: 0 stopped, 1 could not start or run, 2 bad configuration. */
export async function runServer(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP)
    return 0
  }
  let config: ReturnType<typeof loadConfig>
  try {
    config = loadConfig(argv, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`The configuration has errors:\n${error.message.replace(/^/gm, '  ')}\n`)
    return 2
  }
  const log = createLogger({ level: config.logLevel })
  // Heard from the first moment: a stop that comes while it starts is a stop, not a crash.
  const { promise: stopped, resolve: stop } = Promise.withResolvers<string>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal))
  try {
    const collector = await startCollector({ config, log, now: Date.now })
    const end = await Promise.race([stopped, collector.lost])
    if (typeof end === 'string') log.info({ signal: end }, 'Collector is stopping')
    else {
      log.error({ problem: end.message }, 'Collector ends: a new start reads what the disk has')
      process.stderr.write(`pantau: ${end.message}\n`)
      // Whatever still hangs on such a disk must not keep it from being started again.
      setTimeout(() => process.exit(1), CLOSING_MS).unref()
    }
    await collector.close()
    log.info('Collector stopped')
    return typeof end === 'string' ? 0 : 1
  } catch (error) {
    log.error({ err: error }, 'Collector could not start')
    process.stderr.write(`pantau: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await runServer(process.argv.slice(2), process.env)
}
