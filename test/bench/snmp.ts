// The agent as it is installed against simulated routers with 24 interfaces: 900 that live, 100 that are dead, polled each
// 30 s, by v2c and by v3 authPriv. Sessions of both as fast as they go. Then the same routers by Debian's
// prometheus-snmp-exporter and by the C library of Net-SNMP.
//   --rounds N (4)  --devices N (1000)  --only agent-v2c|agent-v3|sessions|peers, several apart by commas
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureAgent } from './snmp/agent-rounds.ts'
import { measureSessions } from './snmp/flat-out.ts'
import { measureExporter, measureNetSnmp } from './snmp/peers.ts'
import { shown } from './snmp/process-cost.ts'
import { CREDENTIALS, startRouters } from './snmp/routers.ts'

const INTERVAL_MS = 30_000
const PARTS = ['agent-v2c', 'agent-v3', 'sessions', 'peers']
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    devices: { type: 'string', default: '1000' },
    only: { type: 'string', default: PARTS.join() },
  },
})
const devices = Number(values.devices)
const live = Math.round(devices * 0.9)
const asked = values.only.split(',')

const home = mkdtempSync(join(tmpdir(), 'pantau-bench-snmp-'))
const children: ChildProcess[] = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})
const load = (): string =>
  loadavg()
    .map(one => shown(one, 1))
    .join(' ')

children.push(await startRouters(home, live))
console.log(`load ${load()}; ${live} live and ${devices - live} dead devices`)
const rounds = { home, devices, live, rounds: Number(values.rounds), intervalMs: INTERVAL_MS }
if (asked.includes('sessions')) {
  await measureSessions('sessions of v2c', CREDENTIALS.v2c, Math.min(live, 300))
  await measureSessions('sessions of v3 authPriv', CREDENTIALS.v3, Math.min(live, 300))
}
if (asked.includes('peers')) {
  measureNetSnmp('v2c', Math.min(live, 300))
  measureNetSnmp('v3', Math.min(live, 300))
  await measureExporter(home, Math.min(live, 300), children)
}
if (asked.includes('agent-v2c')) await measureAgent({ ...rounds, name: 'agent, v2c', credential: CREDENTIALS.v2c })
if (asked.includes('agent-v3'))
  await measureAgent({ ...rounds, name: 'agent, v3 authPriv', credential: CREDENTIALS.v3 })
console.log(`load ${load()}`)
process.exit(0)
