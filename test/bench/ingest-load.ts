// How many agents a collector takes: the real collector with its NOC agent and its rules, and agents that each deliver 60
// samples every ten seconds over a connection of their own. Then InfluxDB 1.x and VictoriaMetrics, with the same samples
// over as many connections.
// Run: npm run bench -- ingest-load [--agents 10000] [--minutes 3] [--peer-minutes 1] [--only pantau,influxdb,victoria-metrics]
// Each agent is an open file on both sides: `ulimit -n` must allow so many and 200 more. `--page` opens the wall
// meanwhile, `--profile DIR` writes CPU profiles of the collector's threads, `--node-flags` are for its Node.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ADMIN_TOKEN, call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { countKept, countVerdicts } from './ingest/count-kept.ts'
import { enrolAgents } from './ingest/enrol-agents.ts'
import { openPage } from './ingest/open-page.ts'
import { type Figures, runLoad } from './ingest/run-load.ts'
import { startPeerProcess } from './series/peer-process.ts'

const { values: options } = parseArgs({
  options: {
    agents: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '3' },
    'peer-minutes': { type: 'string', default: '1' },
    only: { type: 'string', default: 'pantau,influxdb,victoria-metrics' },
    profile: { type: 'string' },
    'node-flags': { type: 'string', default: '' },
    page: { type: 'boolean', default: false },
  },
})
const AGENTS = Number(options.agents)
const INTERVAL_MS = 10_000
/** Sooner than a server that never spoke is missed. */
const RAMP_MS = 15_000

async function measureCollector(): Promise<Figures> {
  const data = mkdtempSync(join(tmpdir(), 'pantau-bench-ingest-'))
  try {
    const agents = await enrolAgents(data, AGENTS)
    const collector = await startCollector({
      data,
      settings: { nocAgent: { intervalMs: INTERVAL_MS } },
      nodeFlags: [
        ...(options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]),
        ...options['node-flags'].split(' ').filter(flag => flag !== ''),
      ],
    })
    const page = options.page ? await openPage(collector) : null
    const { figures, samples } = await runLoad(
      {
        ...{ name: 'pantau', pid: collector.process.pid ?? 0, minutes: Number(options.minutes) },
        inside: async () => `${await ownWords(collector)}${page === null ? '' : `, page ${page.words()}`}`,
      },
      {
        port: collector.port,
        intervalMs: INTERVAL_MS,
        rampMs: RAMP_MS,
        target: { kind: 'agents', keys: agents.map(({ key }) => key) },
      },
    )
    await untilTrue('the journal is handed on', 120_000, async () =>
      [...(await metricsOf(collector)).matchAll(/^pantau_journal_waiting\{.*\} (\d+)$/gm)].every(
        ([, count]) => Number(count) < 10,
      ),
    )
    const askedMs = performance.now()
    const wall = await call(collector, 'wall')
    figures['wall of all servers over HTTP, ms'] = performance.now() - askedMs
    figures['servers up on the wall'] = wall.servers.filter(({ state }) => state === 'up').length
    if (page !== null) Object.assign(figures, await page.close())
    const exit = await collector.stop()
    if (exit !== 0) throw new Error(`the collector ended with ${exit}: ${collector.output().slice(-2_000)}`)
    figures['error and warning lines in its log'] = collector.output().split(/"level":[456]0/).length - 1

    const kept = await countKept(
      data,
      agents.map(({ deviceId }) => deviceId),
    )
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
    figures['samples acknowledged'] = sum(samples)
    figures['samples found in the store'] = sum(kept)
    figures['servers with fewer than acknowledged'] = kept.filter(
      (count, index) => count < (samples[index] ?? 0),
    ).length
    return { ...figures, ...(await countVerdicts(data)) }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

async function metricsOf(collector: TestCollector): Promise<string> {
  const answer = await fetch(`${collector.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
  return await answer.text()
}

/** What the collector says of itself. */
async function ownWords(collector: TestCollector): Promise<string> {
  const wanted = /^(pantau_event_loop_delay_seconds|pantau_journal_waiting)\{.*="(.*)"\} (\S+)$/gm
  const found = [...(await metricsOf(collector)).matchAll(wanted)]
  const told = (name: string) => found.filter(([, one]) => one === name)
  const delays = told('pantau_event_loop_delay_seconds').map(([, , of, s]) => `p${of} ${(Number(s) * 1000).toFixed(0)}`)
  const waiting = told('pantau_journal_waiting').map(([, , consumer, count]) => `${consumer} ${count}`)
  return `event loop ${delays.join(' ')} ms, journal ${waiting.join(' ')}`
}

async function measurePeer(name: 'influxdb' | 'victoria-metrics'): Promise<Figures | null> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-bench-peer-'))
  const peer = await startPeerProcess(name, directory)
  try {
    if (peer === null) return null
    const at = `http://127.0.0.1:${peer.port}`
    await untilTrue(`${name} answers`, 30_000, () =>
      fetch(`${at}/ping`).then(
        () => true,
        () => false,
      ),
    )
    if (name === 'influxdb') {
      await fetch(`${at}/query`, { method: 'POST', body: new URLSearchParams({ q: 'CREATE DATABASE city' }) })
    }
    const target = { kind: 'lines', path: '/write?db=city&precision=ms', servers: AGENTS } as const
    const order = { port: peer.port, intervalMs: INTERVAL_MS, rampMs: RAMP_MS, target }
    return (await runLoad({ name, pid: peer.child.pid ?? 0, minutes: Number(options['peer-minutes']) }, order)).figures
  } finally {
    await peer?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const results = new Map<string, Figures>()
for (const name of ['pantau', 'influxdb', 'victoria-metrics'] as const) {
  if (!options.only.split(',').includes(name)) continue
  const figures = name === 'pantau' ? await measureCollector() : await measurePeer(name)
  if (figures === null) console.log(`${name} is not installed on this machine: left out`)
  else results.set(name, figures)
  await sleep(1_000)
}
const rows = [...new Set([...results.values()].flatMap(figures => Object.keys(figures)))]
console.table(
  rows.map(what => ({
    what,
    ...Object.fromEntries([...results].map(([name, figures]) => [name, shown(figures[what])])),
  })),
)
console.log(
  `${AGENTS} agents; load of the machine ${loadavg()
    .map(load => load.toFixed(1))
    .join(' ')}`,
)

function shown(value: number | undefined): string {
  return value === undefined ? '' : Number(value.toPrecision(value > 1000 ? 12 : 3)).toLocaleString('en')
}
