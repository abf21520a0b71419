// One poller against simulated routers with 24 interfaces each: 900 that live, 100 that are dead, polled each 30 s
// (PANTAU_BENCH_ROUNDS rounds). Then the same targets once by Debian's prometheus-snmp-exporter and by snmpget of Net-SNMP,
// and SNMPv3 as fast as it goes. The simulator is a process of its own; only the pollers are measured.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../agent/platform/clock.ts'
import { createLogger } from '../../agent/platform/logger.ts'
import { IF } from '../../agent/sources/snmp/discover/interfaces.ts'
import { createDatagrams } from '../../agent/sources/snmp/session/datagrams.ts'
import { openSession } from '../../agent/sources/snmp/session/open-session.ts'
import { createSnmpEngine } from '../../agent/sources/snmp/snmp-engine.ts'
import type { SnmpCredential } from '../../protocol/snmp.ts'

const ROUNDS = Number(process.env.PANTAU_BENCH_ROUNDS ?? 4)
const DEVICES = Number(process.env.PANTAU_BENCH_DEVICES ?? 1_000)
const LIVE = Math.round(DEVICES * 0.9)
const INTERVAL_MS = 30_000
const INTERFACES = 24
const FIRST_PORT = 21_000
const V3_DEVICES = 300
const EXPORTER_PATH = '/usr/bin/prometheus-snmp-exporter'
const EXPORTER_PORT = 20_116

const home = mkdtempSync(join(tmpdir(), 'pantau-bench-snmp-'))
const children: ChildProcess[] = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

/** A router with every column that is polled. */
function recording(): string {
  const lines = [
    ...[
      '1.3.6.1.2.1.1.1.0|4|RouterOS bench',
      '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1',
      '1.3.6.1.2.1.1.3.0|67|8640000',
    ],
    ...['1.3.6.1.2.1.1.5.0|4|bench', `1.3.6.1.2.1.2.1.0|2|${INTERFACES}`],
  ]
  for (let index = 1; index <= INTERFACES; index += 1) {
    const integer = { [IF.type]: 6, [IF.adminStatus]: 1, [IF.operStatus]: 1 }
    for (const [column, value] of Object.entries(integer)) lines.push(`${column}.${index}|2|${value}`)
    for (const column of [IF.descr, IF.name]) lines.push(`${column}.${index}|4|ether${index}`)
    lines.push(`${IF.speed}.${index}|66|1000000000`, `${IF.highSpeed}.${index}|66|1000`)
    for (const column of [IF.inErrors, IF.outErrors, IF.inDiscards, IF.outDiscards])
      lines.push(`${column}.${index}|65|1`)
    for (const column of [IF.hcInOctets, IF.hcOutOctets]) lines.push(`${column}.${index}|70|${index * 1_000_000}`)
  }
  return `${lines.join('\n')}\n`
}

const file = join(home, 'router.snmprec')
writeFileSync(file, recording())
const env = {
  ...process.env,
  PANTAU_SIMULATE_AUTH_KEY: 'a-pass-phrase-1',
  PANTAU_SIMULATE_PRIVACY_KEY: 'a-pass-phrase-2',
}
const args = [fileURLToPath(new URL('../../pantau.mjs', import.meta.url)), 'simulate', file]
const simulator = spawn(
  process.execPath,
  [...args, '--count', String(LIVE), '--listen', `127.0.0.1:${FIRST_PORT}`, '--user', 'pantau', '--auth', 'sha1'],
  { env, stdio: ['ignore', 'pipe', 'inherit'] },
)
children.push(simulator)
await new Promise<void>(resolve => simulator.stdout.on('data', text => String(text).includes('ready') && resolve()))

const shown = (value: number, digits = 2): string => value.toFixed(digits)
const mb = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`
const percentile = (values: number[], share: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN

const id = (index: number): string => `0190a7f0-0000-7000-8000-${String(index).padStart(12, '0')}`
const credential: SnmpCredential = { version: 'v2c', community: 'public' }

console.log(
  `load ${loadavg()
    .map(one => one.toFixed(1))
    .join(' ')}; ${LIVE} live and ${DEVICES - LIVE} dead devices`,
)

async function benchPolling(): Promise<number> {
  const engine = await createSnmpEngine({ clock: systemClock, log: createLogger('error'), ping: async () => null })
  engine.setTargets(
    Array.from({ length: DEVICES }, (_, index) => ({
      // Every tenth is dead: behind its port nobody listens.
      ...{ deviceId: id(index), address: '127.0.0.1', port: index % 10 === 9 ? 19_000 + index / 10 : 0, credential },
      ...{ intervalMs: INTERVAL_MS, timeoutMs: 1_000, retries: 1, trapPort: null },
    })).map((target, index) => ({
      ...target,
      port: target.port === 0 ? FIRST_PORT + index - Math.floor(index / 10) : Math.floor(target.port),
    })),
  )
  const discovered = new Set<string>()
  for (const endMs = Date.now() + 300_000; discovered.size < LIVE && Date.now() < endMs; await sleep(500))
    for (const { subject } of engine.take().discoveries ?? []) discovered.add(subject)
  console.log(`${discovered.size} of ${LIVE} live devices were looked through`)
  await sleep(INTERVAL_MS)
  engine.take()
  const cpu = process.cpuUsage()
  const startedMs = performance.now()
  const seconds: number[] = []
  const rounds = new Map<string, number>()
  let most = 0
  let samples = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let part = 0; part < 3; part += 1) {
      await sleep(INTERVAL_MS / 3)
      const { gauges, deltas = [] } = engine.take()
      samples += gauges.length + deltas.length
      const up = new Set(
        gauges.flatMap(one => (one.metric === 'snmp_up' && one.value === 1 ? [one.subject ?? ''] : [])),
      )
      for (const one of up) rounds.set(one, (rounds.get(one) ?? 0) + 1)
      for (const one of gauges)
        if (one.metric === 'snmp_poll_duration_seconds' && up.has(one.subject ?? '')) seconds.push(Number(one.value))
      most = Math.max(most, process.memoryUsage().rss)
    }
  }
  const overS = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cpuS = (user + system) / 1e6
  const polls = [...rounds.values()].reduce((sum, count) => sum + count, 0)
  const each = [...rounds.values()].filter(count => count >= ROUNDS).length
  console.log(
    `pantau: ${each} of ${LIVE} polled in each of ${ROUNDS} rounds, p50 ${shown(percentile(seconds, 0.5) * 1_000, 0)} ms, p99 ${shown(percentile(seconds, 0.99) * 1_000, 0)} ms, ` +
      `${shown((100 * cpuS) / overS, 1)} % of a core, ${shown((1_000 * cpuS) / polls)} ms a live device, ${mb(most)}, ${samples} samples`,
  )
  engine.stop()
  return (1_000 * cpuS) / polls
}

const cpuSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (user + system) / 100
}

/** The same columns by the exporter, which walks them. */
async function benchExporter(): Promise<void> {
  if (!existsSync(EXPORTER_PATH)) return console.log('prometheus-snmp-exporter is not installed')
  const columns = [
    IF.adminStatus,
    IF.operStatus,
    IF.inErrors,
    IF.outErrors,
    IF.inDiscards,
    IF.outDiscards,
    IF.hcInOctets,
    IF.hcOutOctets,
  ]
  const metrics = columns.map((oid, index) => ({
    ...{ name: `column_${index}`, oid, type: index < 2 ? 'gauge' : 'counter', help: 'column' },
    indexes: [{ labelname: 'ifIndex', type: 'gauge' }],
  }))
  const config = {
    bench: {
      walk: columns,
      get: ['1.3.6.1.2.1.1.3.0'],
      metrics,
      version: 2,
      max_repetitions: 25,
      timeout: '1s',
      retries: 1,
      auth: { community: 'public' },
    },
  }
  const path = join(home, 'snmp.yml')
  writeFileSync(path, JSON.stringify(config))
  const child = spawn(EXPORTER_PATH, [`--config.file=${path}`, `--web.listen-address=127.0.0.1:${EXPORTER_PORT}`], {
    stdio: 'ignore',
  })
  children.push(child)
  await sleep(1_500)
  const startCpuS = cpuSecondsOf(child.pid ?? 0)
  const startedMs = performance.now()
  let answered = 0
  const queue = Array.from({ length: Math.min(LIVE, 300) }, (_, index) => FIRST_PORT + index)
  const work = async (): Promise<void> => {
    for (let port = queue.pop(); port !== undefined; port = queue.pop()) {
      const answer = await fetch(`http://127.0.0.1:${EXPORTER_PORT}/snmp?module=bench&target=127.0.0.1:${port}`)
      if (answer.ok && (await answer.text()).includes('column_7')) answered += 1
    }
  }
  await Promise.all(Array.from({ length: 10 }, work))
  const cpuS = cpuSecondsOf(child.pid ?? 0) - startCpuS
  const rss = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024
  console.log(
    `prometheus-snmp-exporter: ${answered} devices, ${shown((1_000 * cpuS) / answered)} ms of CPU a device, ` +
      `${shown((1_000 * answered) / (performance.now() - startedMs), 0)} devices/s, ${mb(rss)}`,
  )
  child.kill('SIGKILL')
}

/** snmpget of C, four questions a device as Pantau asks them; starting a program for each device is part of its price. */
function benchSnmpget(): void {
  const columns = [
    IF.adminStatus,
    IF.operStatus,
    IF.inErrors,
    IF.outErrors,
    IF.inDiscards,
    IF.outDiscards,
    IF.hcInOctets,
    IF.hcOutOctets,
  ]
  const oids = Array.from({ length: INTERFACES }, (_, index) => columns.map(column => `${column}.${index + 1}`)).flat()
  const devices = 20
  const script = `for port in $(seq ${FIRST_PORT} ${FIRST_PORT + devices - 1}); do ${[0, 48, 96, 144]
    .map(at => `snmpget -v2c -c public -Oqn -t 1 -r 1 127.0.0.1:$port ${oids.slice(at, at + 48).join(' ')} >/dev/null`)
    .join('; ')}; done; times`
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { ...process.env, MIBS: '' } })
  const children = stdout.trim().split('\n').at(-1) ?? ''
  const cpuS = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0)
  console.log(`snmpget (Net-SNMP, a process a question): ${shown((1_000 * cpuS) / devices)} ms of CPU a device`)
}

async function benchV3(): Promise<void> {
  const user: SnmpCredential = {
    ...{ version: 'v3', level: 'authPriv', user: 'pantau' },
    ...{ auth: { protocol: 'sha1', key: 'a-pass-phrase-1' }, privacy: { protocol: 'aes128', key: 'a-pass-phrase-2' } },
  }
  const datagrams = createDatagrams()
  const columns = [
    IF.adminStatus,
    IF.operStatus,
    IF.inErrors,
    IF.outErrors,
    IF.inDiscards,
    IF.outDiscards,
    IF.hcInOctets,
    IF.hcOutOctets,
  ]
  const oids = Array.from({ length: INTERFACES }, (_, index) => columns.map(column => `${column}.${index + 1}`)).flat()
  const sessions = await Promise.all(
    Array.from({ length: V3_DEVICES }, (_, index) => {
      const endpoint = { address: '127.0.0.1', port: FIRST_PORT + index }
      return openSession({ datagrams, endpoint, credential: user, patience: { timeoutMs: 3_000, retries: 2 } })
    }),
  )
  const pollAll = async (): Promise<void> => {
    const queue = [...sessions]
    const work = async (): Promise<void> => {
      for (let one = queue.pop(); one !== undefined; one = queue.pop())
        for (let at = 0; at < oids.length; at += 48) await one.get(oids.slice(at, at + 48))
    }
    await Promise.all(Array.from({ length: 50 }, work))
  }
  await pollAll()
  const cpu = process.cpuUsage()
  const startedMs = performance.now()
  await pollAll()
  await pollAll()
  const overS = (performance.now() - startedMs) / 1_000
  const { user: own, system } = process.cpuUsage(cpu)
  const cpuMs = (own + system) / 1_000 / (2 * V3_DEVICES)
  console.log(
    `SNMPv3 authPriv: ${shown((2 * V3_DEVICES) / overS, 0)} devices/s beside the simulator on the same cores, ` +
      `${shown(cpuMs)} ms of CPU a device: ${shown(1_000 / cpuMs, 0)} devices/s a core`,
  )
  for (const one of sessions) one.close()
  datagrams.close()
}

await benchV3()
await benchPolling()
await benchExporter()
benchSnmpget()
console.log(
  `load ${loadavg()
    .map(one => one.toFixed(1))
    .join(' ')}`,
)
process.exit(0)
