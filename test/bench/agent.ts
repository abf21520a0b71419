// What an agent costs beside Debian's node_exporter, in the same run: both are asked for everything at the same moments,
// as often as in PANTAU_BENCH_TICKS ticks of ten seconds (8,640, a day), pushed at ten a second. The agent has everything
// on, and TLS with a pinned key; node_exporter answers over plain HTTP. With PANTAU_BENCH_TICKS=0 only the first sample is
// measured, of PANTAU_BENCH_STARTS starts (7).
import { execFileSync, spawn } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { AGENT_MEMORY_ENV, BUILT_AGENT_FLAGS } from '../../server/platform/agent-program.ts'
import { buildAgent } from '../support/built-agent.ts'
import { freePort } from '../support/free-port.ts'

const TICKS = Number(process.env.PANTAU_BENCH_TICKS ?? 8_640)
const PUSHED_EVERY_MS = 100
const STARTS = Number(process.env.PANTAU_BENCH_STARTS ?? 7)
const CLOCK_TICKS_A_SECOND = 100
const TICKS_AN_HOUR = 360
/** What starts programs does so 20, 40 and 60 seconds after the start, then every six hours with the facts. */
const PROGRAMS_ENDED_AFTER_MS = 75_000
const LOOK_FOR_CHILDREN_EVERY_MS = 10

const home = mkdtempSync(join(tmpdir(), 'pantau-bench-agent-'))
const started: number[] = []
process.on('exit', () => {
  for (const pid of started) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended before.
    }
  }
  rmSync(home, { recursive: true, force: true })
})

function start(command: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  if (child.pid === undefined) throw new Error(`${command} could not be started`)
  started.push(child.pid)
  return { child, pid: child.pid }
}

type Cost = { rssMb: number; pssMb: number; privateMb: number; cpuS: number; childrenCpuS: number }

function costOf(pid: number): Cost {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mb = (...names: string[]): number =>
    names.reduce((sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0), 0) / 1_024
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
  return {
    ...{ rssMb: mb('Rss'), pssMb: mb('Pss'), privateMb: mb('Private_Clean', 'Private_Dirty') },
    cpuS: (user + system) / CLOCK_TICKS_A_SECOND,
    childrenCpuS: (childUser + childSystem) / CLOCK_TICKS_A_SECOND,
  }
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended while we looked.
    return ''
  }
}
const childrenOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).flatMap(task =>
    readText(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean),
  )

const files = { key: join(home, 'key.pem'), cert: join(home, 'cert.pem') }
const subject = ['-subj', '/CN=noc', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2', '-nodes']
const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', files.key, '-out', files.cert]
execFileSync('openssl', ['req', '-x509', ...kind, ...subject], { stdio: 'ignore' })
const publicKey = new X509Certificate(readFileSync(files.cert)).publicKey.export({ type: 'spki', format: 'der' })
const pin = `sha256//${createHash('sha256').update(publicKey).digest('base64')}`

const counting = fileURLToPath(new URL('../support/counting-collector.ts', import.meta.url))
const collector = start(process.execPath, [counting, files.key, files.cert])
const port = Number(
  await new Promise<string>(resolve => collector.child.stdout.once('data', text => resolve(String(text)))),
)

function ask(path: string): Promise<{
  batches: number
  series: number
  bytes: number
  firstBegunMs: number
  firstAtMs: number
  facts: number
}> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(files.cert)
    httpsRequest(`https://127.0.0.1:${port}${path}`, { ca, agent: false }, answer => {
      let text = ''
      answer.on('data', part => {
        text += part
      })
      answer.on('end', () => resolve(JSON.parse(text)))
    })
      .on('error', reject)
      .end()
  })
}

async function until(what: string, isSo: () => Promise<boolean>, withinMs: number): Promise<void> {
  for (const endMs = Date.now() + withinMs; !(await isSo()); await sleep(50))
    if (Date.now() > endMs) throw new Error(`did not happen: ${what}`)
}

const program = buildAgent(join(home, 'program'))
const startAgent = (intervalMs: number) =>
  start(
    process.execPath,
    [...BUILT_AGENT_FLAGS, program],
    // All in the environment, as agent.env of an installed agent has it.
    {
      ...{ ...AGENT_MEMORY_ENV, PANTAU_AGENT_TOKEN: 'token', PANTAU_LOG_LEVEL: 'warn' },
      ...{ PANTAU_COLLECTOR: `https://127.0.0.1:${port}`, PANTAU_PIN: pin, PANTAU_AGENT_DATA: join(home, 'data') },
      PANTAU_INTERVAL_MS: String(intervalMs),
      ...{ PANTAU_PROCESSES: 'nginx,agents=agent.mjs', PANTAU_CERTIFICATES: files.cert },
    },
  )

async function end(one: ReturnType<typeof start>): Promise<void> {
  const ended = new Promise(resolve => one.child.once('exit', resolve))
  one.child.kill('SIGTERM')
  await ended
}

// The first sample: an agent that is enrolled, started anew.
const enrolling = startAgent(10_000)
await until('the enrolment', async () => (await ask('/count')).batches > 0, 20_000)
await end(enrolling)
const begunMs: number[] = []
const firstSamplesMs: number[] = []
for (let index = 0; index < STARTS; index += 1) {
  await ask('/reset')
  // Asked before the start: a question each few milliseconds, with its handshake, would take from what is measured.
  const first = ask('/first')
  await sleep(500)
  const startedAtMs = Date.now()
  const agent = startAgent(10_000)
  const { firstBegunMs, firstAtMs } = await first
  begunMs.push(firstBegunMs - startedAtMs)
  firstSamplesMs.push(firstAtMs - startedAtMs)
  await end(agent)
}

const inOrder = (list: number[]): string => {
  const sorted = list.toSorted((a, b) => a - b)
  return `${sorted.join(' ')} (median ${sorted[Math.floor(STARTS / 2)]})`
}
console.log(
  `load ${loadavg()
    .map(one => one.toFixed(1))
    .join(' ')}`,
)
console.log(`first sample on its way after ms (its head is at the collector): ${inOrder(begunMs)}`)
console.log(`whole at the collector after ms: ${inOrder(firstSamplesMs)}`)
if (TICKS === 0) process.exit(0)

// The long run, both beside each other.
const exporterPort = await freePort()
const exporter = start('/usr/bin/prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporterPort}`])
const agent = startAgent(PUSHED_EVERY_MS)
await until(
  'the facts and the other programs that run at the start',
  async () => {
    return (await ask('/count')).facts > 10 && childrenOf(agent.pid).length === 0
  },
  60_000,
)
await sleep(PROGRAMS_ENDED_AFTER_MS)
await until('the end of those programs', async () => childrenOf(agent.pid).length === 0, 120_000)
const [agentBefore, exporterBefore] = [costOf(agent.pid), costOf(exporter.pid)]
await ask('/reset')
/** Process id to what was started, and at which tick. */
const children = new Map<string, string>()
const begunAtMs = performance.now()
setInterval(() => {
  for (const child of childrenOf(agent.pid)) {
    const program = readText(`/proc/${child}/cmdline`).replaceAll('\0', ' ').trim()
    const afterS = ((performance.now() - begunAtMs) / 1_000).toFixed(0)
    children.set(child, `${program} (after ${afterS} s)`)
  }
}, LOOK_FOR_CHILDREN_EVERY_MS)
let scrapes = 0
let exporterValues = 0
for (const startMs = performance.now(); (await ask('/count')).batches < TICKS; ) {
  const answer = await fetch(`http://127.0.0.1:${exporterPort}/metrics`)
  exporterValues = (await answer.text()).split('\n').filter(line => line !== '' && !line.startsWith('#')).length
  scrapes += 1
  await sleep(Math.max(0, startMs + scrapes * PUSHED_EVERY_MS - performance.now()))
}
const { batches, series, bytes } = await ask('/count')
const [agentAfter, exporterAfter] = [costOf(agent.pid), costOf(exporter.pid)]

const hourly = (before: Cost, after: Cost, times: number): string =>
  (((after.cpuS - before.cpuS) / times) * TICKS_AN_HOUR).toFixed(1)
const line = (name: string, values: number, before: Cost, after: Cost, times: number): string =>
  `| ${name} | ${values} | ${after.rssMb.toFixed(1)} | ${after.pssMb.toFixed(1)} | ${after.privateMb.toFixed(1)} | ${hourly(before, after, times)} |`

console.log(
  `${batches} ticks of the agent, ${scrapes} scrapes; load ${loadavg()
    .map(one => one.toFixed(1))
    .join(' ')}`,
)
console.log(
  '| | values | RSS MB | PSS MB | private MB | CPU s an hour at 10 s |\n| --- | --- | --- | --- | --- | --- |',
)
console.log(line('agent, TLS', series, agentBefore, agentAfter, batches))
console.log(line('node_exporter', exporterValues, exporterBefore, exporterAfter, scrapes))
console.log(
  `CPU of the agent over that of node_exporter: ${(Number(hourly(agentBefore, agentAfter, batches)) / Number(hourly(exporterBefore, exporterAfter, scrapes))).toFixed(2)}`,
)
console.log(
  `a batch: ${bytes} bytes; children of the agent in that time: ${children.size}, their CPU ${(agentAfter.childrenCpuS - agentBefore.childrenCpuS).toFixed(2)} s`,
)
for (const program of children.values()) console.log(`between the facts: ${program}`)
process.exit(0)
