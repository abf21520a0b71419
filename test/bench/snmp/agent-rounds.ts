// The agent as it is installed, with its own flags, polling all targets in their rhythm: the whole process is measured.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { SnmpCredential } from '../../../protocol/snmp.ts'
import { AGENT_MEMORY_ENV, BUILT_AGENT_FLAGS } from '../../../server/platform/agent-program.ts'
import { buildAgent } from '../../support/built-agent.ts'
import { cpuSecondsOf, memoryOf, percentile, shown } from './process-cost.ts'
import { targets } from './routers.ts'

type Count = {
  batches: number
  bytes: number
  textBytes: number
  figures: number
  discovered: number
  rounds: number[]
  seconds: number[]
}
const SPOOL_BYTES = 256 * 1024 * 1024

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise(resolve => child.stdout?.once('data', text => resolve(String(text).trim())))

export async function measureAgent(deps: {
  home: string
  devices: number
  live: number
  rounds: number
  intervalMs: number
  credential: SnmpCredential
  name: string
}): Promise<void> {
  const { devices, live, rounds, intervalMs } = deps
  const home = mkdtempSync(join(deps.home, 'agent-'))
  const file = join(home, 'targets.json')
  writeFileSync(file, JSON.stringify(targets(devices, deps.credential, intervalMs)))
  const program = buildAgent(join(home, 'program'))
  const collector = spawn(process.execPath, [fileURLToPath(new URL('./round-collector.ts', import.meta.url)), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = `http://127.0.0.1:${await firstLine(collector)}`
  const ask = async (path: string): Promise<Count> => (await fetch(`${url}${path}`)).json() as Promise<Count>
  const agent = spawn(
    process.execPath,
    [...BUILT_AGENT_FLAGS, ...flags(), program, '--collector', url, '--data', join(home, 'data')],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...{ PATH: process.env.PATH ?? '', PANTAU_AGENT_TOKEN: 'token', PANTAU_LOG_LEVEL: 'error' },
        ...AGENT_MEMORY_ENV,
      },
    },
  )
  const pid = agent.pid ?? 0
  try {
    const startedMs = performance.now()
    while ((await ask('/count')).discovered < live && performance.now() - startedMs < 240_000) await sleep(500)
    const { discovered } = await ask('/count')
    const lookedS = (performance.now() - startedMs) / 1_000
    console.log(
      `${deps.name}: ${discovered} of ${live} live devices looked through in ${shown(lookedS, 0)} s, ${shown(memoryOf(pid).mostMib, 0)} MiB at most`,
    )
    await sleep(intervalMs)
    await ask('/reset')
    const [cpuS, fromMs] = [cpuSecondsOf(pid), performance.now()]
    let mostMib = 0
    while (performance.now() - fromMs < rounds * intervalMs) {
      await sleep(500)
      mostMib = Math.max(mostMib, memoryOf(pid).nowMib)
    }
    // The last batch may just be under way.
    const overS = (performance.now() - fromMs) / 1_000
    const costS = cpuSecondsOf(pid) - cpuS
    await sleep(1_000)
    const { rounds: each, seconds, figures, bytes, textBytes } = await ask('/count')
    const polls = each.reduce((sum, one) => sum + one, 0)
    const ms = (share: number): string => shown(percentile(seconds, share) * 1_000, 0)
    const spoolHours = SPOOL_BYTES / (bytes / overS) / 3_600
    console.log(
      `${deps.name}: ${each.filter(one => one >= rounds).length} of ${live} polled in each of ${rounds} rounds, p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms, ` +
        `${shown((100 * costS) / overS, 1)} % of a core, ${shown((1_000 * costS) / polls)} ms a live device, ` +
        `${shown(mostMib, 0)} MiB (${shown(memoryOf(pid).mostMib, 0)} since the start), ${shown(figures / overS, 0)} figures/s, ` +
        `${shown(bytes / overS / 1_024, 0)} KiB/s in the spool for ${shown(textBytes / overS / 1_024, 0)} of text: 256 MiB last ${shown(spoolHours, 1)} h`,
    )
  } finally {
    const ended = new Promise(resolve => agent.once('exit', resolve))
    agent.kill('SIGTERM')
    await ended
    collector.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  }
}

/** For whoever looks for what it costs: `PANTAU_BENCH_FLAGS=--cpu-prof`. */
const flags = (): string[] => process.env.PANTAU_BENCH_FLAGS?.split(' ').filter(Boolean) ?? []
