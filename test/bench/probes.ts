// What probing costs: PANTAU_BENCH_TARGETS (2,000) addresses of the loopback get 5 packets each 30 s, for
// PANTAU_BENCH_ROUNDS (2) rounds, and one round more in which the stalls of the agent are watched: watching costs more than
// what is watched. Beside it in the same run: fping alone on the same addresses, once with some time between two packets
// and once with as little as the agent asks for, and Debian's prometheus-blackbox-exporter where it is installed, which
// pings one address a request (500 of them, times four).
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../agent/platform/clock.ts'
import { createLogger } from '../../agent/platform/logger.ts'
import { createProbeSource } from '../../agent/sources/probes/probe-source.ts'
import { encodeBatches } from '../../agent/spool/batch-body.ts'
import { probeTarget } from '../../protocol/probes.ts'
import { FPING_PATH } from '../support/debian-packages.ts'
import { freePort } from '../support/free-port.ts'

const TARGETS = Number(process.env.PANTAU_BENCH_TARGETS ?? 2_000)
const ROUNDS = Number(process.env.PANTAU_BENCH_ROUNDS ?? 2)
const PERIOD_MS = 30_000
const BLACKBOX_PATH = '/usr/bin/prometheus-blackbox-exporter'
const BLACKBOX_TARGETS = 500

const idOf = (number: number): string => `0190a7f0-0000-7000-8000-${String(number).padStart(12, '0')}`
const addresses = Array.from({ length: TARGETS }, (_, index) => `127.1.${index >> 8}.${index & 255}`)

/** Seconds of CPU of a process and of what it started and saw end. */
function cpuS(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [11, 12, 13, 14].reduce((sum, place) => sum + Number(fields[place]), 0) / 100
}
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

async function measurePantau(): Promise<void> {
  const source = createProbeSource({ clock: systemClock, log: createLogger('error') })
  const own = process.pid
  const targets = addresses.map((address, index) =>
    probeTarget.parse({
      ...{ id: idOf(index), subject: idOf(index + TARGETS), name: 'icmp', everyMs: PERIOD_MS, timeoutMs: 1_000 },
      check: { kind: 'icmp', address, packets: 5, packetGapMs: 1_000 },
    }),
  )
  const probing = (): number => childrenOf(own).reduce((sum, pid) => sum + cpuS(pid), 0)
  const received = new Map<string, number>()
  let gauges = 0
  let spooled = 0
  const origin = { agentVersion: '0.1.0', intervalMs: 10_000 }
  // As the agent does it: news each second, everything each ten.
  const live = async (rounds: number): Promise<void> => {
    for (let second = 0; second < (rounds * PERIOD_MS) / 1_000 + 8; second += 1) {
      await sleep(1_000)
      if (!source.hasChanged?.() && second % 10 !== 9) continue
      const reading = await source.read(AbortSignal.timeout(5_000))
      if (reading === 'not-offered') continue
      gauges += reading.gauges.length
      for (const { metric, subject, value } of reading.gauges)
        if (metric === 'probe_icmp_received')
          received.set(subject ?? '', (received.get(subject ?? '') ?? 0) + Number(value))
      const tick = { atMs: Date.now(), gauges: reading.gauges, deltas: [], facts: [] }
      for (const encode of encodeBatches(origin, tick, [])) spooled += encode(1, idOf(0)).length
    }
  }
  const stalls = monitorEventLoopDelay({ resolution: 5 })
  stalls.enable()
  source.setTargets(targets)
  await sleep(2_000)
  const startStallMs = stalls.max / 1e6
  stalls.disable()
  const ownBefore = process.cpuUsage()
  const probingBefore = probing()
  const startedMs = performance.now()
  await live(ROUNDS)
  const tookS = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(ownBefore)
  const agentS = (user + system) / 1e6
  const childS = probing() - probingBefore
  stalls.reset()
  stalls.enable()
  await live(1)
  stalls.disable()
  source.stop()
  const answers = [...received.values()].reduce((sum, one) => sum + one, 0)
  console.log(
    `pantau    ${TARGETS} x 5 each 30 s for ${tookS.toFixed(0)} s: ${(((agentS + childS) / tookS) * 100).toFixed(2)} % of a core ` +
      `(agent ${((agentS / tookS) * 100).toFixed(2)} %, probing with fping ${((childS / tookS) * 100).toFixed(2)} %); ` +
      `longest stall of the agent ${(stalls.max / 1e6).toFixed(1)} ms, while the targets were given ${startStallMs.toFixed(1)} ms; ${answers} answers of ${received.size} addresses, ` +
      `${gauges} figures, ${(spooled / 1e6).toFixed(1)} MB encoded`,
  )
}

function measureFping(spacingMs: number): void {
  const shares: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const script = `exec ${FPING_PATH} -C 5 -q -p 1000 -i ${spacingMs} -r 0 -f - 2>/dev/null`
    const { stdout } = spawnSync('/bin/bash', ['-c', `TIMEFORMAT='%U %S'; { time bash -c '${script}' ; } 2>&1`], {
      input: addresses.join('\n'),
      encoding: 'utf8',
    })
    const [user = 0, system = 0] = stdout.trim().split(/\s+/).slice(-2).map(Number)
    shares.push((user + system) / (PERIOD_MS / 1_000))
  }
  console.log(
    `fping     the same alone, packets ${spacingMs} ms apart: ${shares.map(one => (one * 100).toFixed(2)).join(' and ')} % of a core`,
  )
}

async function measureBlackbox(): Promise<void> {
  if (!existsSync(BLACKBOX_PATH)) return console.log('blackbox  not installed')
  const home = mkdtempSync(join(tmpdir(), 'pantau-bench-probes-'))
  const config = join(home, 'blackbox.yml')
  writeFileSync(config, 'modules:\n  icmp:\n    prober: icmp\n    timeout: 1s\n')
  const port = await freePort()
  const child = spawn(BLACKBOX_PATH, [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: 'ignore',
  })
  try {
    await sleep(1_000)
    const waiting = addresses.slice(0, BLACKBOX_TARGETS)
    const before = cpuS(child.pid ?? 0)
    const worker = async (): Promise<void> => {
      for (let address = waiting.shift(); address !== undefined; address = waiting.shift())
        await (await fetch(`http://127.0.0.1:${port}/probe?module=icmp&target=${address}`)).text()
    }
    await Promise.all(Array.from({ length: 20 }, worker))
    const spentS = cpuS(child.pid ?? 0) - before
    const wholeS = (spentS / BLACKBOX_TARGETS) * TARGETS * 5
    console.log(
      `blackbox  one packet to ${BLACKBOX_TARGETS}: ${spentS.toFixed(2)} CPU s, so ${((wholeS / 30) * 100).toFixed(1)} % of a core for the same`,
    )
  } finally {
    child.kill('SIGKILL')
    rmSync(home, { recursive: true })
  }
}

console.log(
  `load ${loadavg()
    .map(one => one.toFixed(1))
    .join(' ')}`,
)
measureFping(0.4)
measureFping(0.01)
await measurePantau()
await measureBlackbox()
