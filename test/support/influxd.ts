// A real InfluxDB 1.x for tests: Debian's influxd with a configuration and a directory of its own, on loopback.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilTrue } from './collector.ts'
import { INFLUXD_PATH } from './debian-packages.ts'
import { freePort } from './free-port.ts'

export type Influxd = {
  url: string
  /** Only with `auth`: the name and password of its administrator. */
  administrator: { username: string; password: string } | null
  /** Sends lines; the status and what was said. */
  write(database: string, lines: string, precision?: string): Promise<{ status: number; text: string }>
  /** Rows of one statement of InfluxQL; times in ms. */
  query(database: string, statement: string): Promise<InfluxRows[]>
  /** SIGKILL; the files stay. */
  kill(): Promise<void>
  /** Starts it again on the same port and files. */
  startAgain(): Promise<void>
  remove(): Promise<void>
}

export type InfluxRows = { name?: string; tags?: Record<string, string>; columns: string[]; values: unknown[][] }

const READY_MS = 30_000

export async function startInfluxd(options: { auth?: boolean } = {}): Promise<Influxd> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-influxd-'))
  const [port, rpcPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const configFile = join(directory, 'influxdb.conf')
  mkdirSync(join(directory, 'data'))
  writeFileSync(configFile, configOf(directory, port, rpcPort, options.auth === true))
  const administrator = options.auth === true ? { username: 'admin', password: 'kunci-uji-influx' } : null
  const headers: Record<string, string> =
    administrator === null
      ? {}
      : { authorization: `Basic ${btoa(`${administrator.username}:${administrator.password}`)}` }

  let child = await run()

  async function run(): Promise<ChildProcess> {
    const started = spawn(INFLUXD_PATH, ['-config', configFile], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
    })
    started.once('error', error => {
      said += error.message
    })
    await untilTrue('influxd answers', READY_MS, async () => {
      if (started.exitCode !== null || started.pid === undefined) throw new Error(`influxd did not start: ${said}`)
      return (await fetch(`${url}/ping`).catch(() => null))?.status === 204
    })
    return started
  }

  async function statement(database: string, text: string): Promise<InfluxRows[]> {
    const query = new URLSearchParams({ db: database, epoch: 'ms', q: text })
    const response = await fetch(`${url}/query`, { method: 'POST', headers, body: query })
    const answer = (await response.json()) as { error?: string; results?: { error?: string; series?: InfluxRows[] }[] }
    const error = answer.error ?? answer.results?.find(result => result.error !== undefined)?.error
    if (error !== undefined) throw new Error(`influxd: ${error}`)
    return answer.results?.flatMap(({ series }) => series ?? []) ?? []
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  if (administrator !== null) {
    const { username, password } = administrator
    await statement('', `CREATE USER ${username} WITH PASSWORD '${password}' WITH ALL PRIVILEGES`)
  }
  return {
    url,
    administrator,
    async write(database, lines, precision = 'ns') {
      const target = `${url}/write?db=${encodeURIComponent(database)}&precision=${precision}`
      const response = await fetch(target, { method: 'POST', headers, body: lines })
      return { status: response.status, text: await response.text() }
    },
    query: statement,
    kill,
    async startAgain() {
      await kill()
      child = await run()
    },
    async remove() {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function configOf(directory: string, port: number, rpcPort: number, auth: boolean): string {
  return `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  max-series-per-database = 0
  max-values-per-tag = 0
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  auth-enabled = ${auth}
[logging]
  level = "error"
`
}
