// `pantau agent doctor`: says in plain words what is wrong. It changes nothing and shows no secret.
import { spokenLanguage } from '../../protocol/spoken-language.ts'
import { type AgentConfig, ConfigError, type Environment, parseCollector, parseConfig } from '../config.ts'
import { reasonOf } from '../platform/logger.ts'
import { proxyFor } from '../uplink/proxy.ts'
import { checkBackups } from './copies.ts'
import { type Finding, finding, shown } from './finding.ts'
import { checkDataDirectory, checkIdentity, checkRunning, checkSpool } from './own-place.ts'
import { checkPings } from './own-programs.ts'
import { checkWay } from './way-there.ts'

const HELP = `Usage: pantau agent doctor [--lang id|en] [options of "pantau agent"]

Looks at configuration, data directory, identity, spool, the jobs of backups and the way to the collector, and says what is wrong.
Ends with 0 when nothing is, 1 when something is, 2 for a wrong option.
`

const EXIT = { well: 0, ill: 1, usage: 2 } as const

export async function runDoctor(argv: string[], env: Environment): Promise<number> {
  const { language, rest } = spokenLanguage(argv, env)
  if (language === null) {
    process.stderr.write('pantau agent doctor: --lang: must be id or en\n')
    return EXIT.usage
  }
  let config: AgentConfig | 'help'
  try {
    config = parseConfig(rest, env)
  } catch (error) {
    const wrong = finding('problem', 'config', reasonOf(error), `pengaturan salah: ${reasonOf(error)}`)
    process.stdout.write(shown(wrong, language))
    return error instanceof ConfigError ? EXIT.usage : EXIT.ill
  }
  if (config === 'help') {
    process.stdout.write(HELP)
    return EXIT.well
  }
  let isIll = false
  for await (const found of examine(config)) {
    process.stdout.write(shown(found, language))
    isIll ||= found.state === 'problem'
  }
  return isIll ? EXIT.ill : EXIT.well
}

async function* examine(config: AgentConfig): AsyncGenerator<Finding> {
  const { dataDirectory } = config
  const data = await checkDataDirectory(dataDirectory)
  yield data
  const { found, identity } = await checkIdentity(dataDirectory)
  yield found
  if (data.state !== 'problem') yield await checkRunning(dataDirectory)
  yield await checkSpool(dataDirectory, Date.now())
  const pings = await checkPings(dataDirectory)
  if (pings !== undefined) yield pings
  yield* await checkBackups(config.backupsFile, dataDirectory)

  let collector = config.collector
  try {
    collector ??= identity && parseCollector(identity.collector, 'collector in identity.json', config.allowPlainHttp)
  } catch (error) {
    yield finding('problem', 'config', reasonOf(error), `pengaturan salah: ${reasonOf(error)}`)
    return
  }
  if (collector === undefined) {
    yield finding(
      'problem',
      'config',
      '--collector is not set: where should it deliver?',
      '--collector belum diisi: ke mana harus mengirim?',
    )
    return
  }
  const proxy = proxyFor(collector, config.proxies)
  yield* await checkWay({ collector, ca: config.ca, pins: config.pins, proxy }, identity?.key, Date.now)
}

if (import.meta.main) process.exit(await runDoctor(process.argv.slice(2), process.env))
