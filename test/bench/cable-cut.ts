// How long it takes from a cut cable until it is known: through real pings each 3 s, the real collector with its agent at
// its own rhythm, and a real SMTP server, in network namespaces. With --causes, five minutes more: what was the cause, of a
// router that was switched off meanwhile, of one that ran on, and of the one on which all hang. At last the NOC's own cables
// are pulled, which must blame nobody.
// Run: npm run bench -- cable-cut [--cuts 9] [--causes]
import { spawnSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { CableReport } from '../support/cut-cables.ts'

const { values: options } = parseArgs({
  options: { cuts: { type: 'string', default: '9' }, causes: { type: 'boolean', default: false } },
})
const program = fileURLToPath(new URL('../support/cut-cables.ts', import.meta.url))
const args = [program, '--cuts', options.cuts, '--own-cable', ...(options.causes ? ['--causes'] : [])]
const { stdout, status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })
const told = stdout
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as CableReport)
const cuts = told.flatMap(one => (one.kind === 'cut' ? [one] : []))

console.log(`load ${loadavg()[0]?.toFixed(1)}, ${cuts.length} cuts of a cable with 41 routers behind it`)
for (const [what, field] of [
  ['its tile is down', 'tileMs'],
  ['its incident is on the wall', 'wallMs'],
  ['the mail is in the mailbox', 'mailMs'],
] as const) {
  const times = cuts.map(cut => cut[field] / 1_000).sort((one, other) => one - other)
  const middle = times[Math.floor(times.length / 2)]
  console.log(
    `${what.padEnd(28)} after ${times[0]?.toFixed(1)} to ${times.at(-1)?.toFixed(1)} s, median ${middle?.toFixed(1)} s` +
      ` (${times.map(time => time.toFixed(1)).join(', ')})`,
  )
}
for (const one of told) if (one.kind !== 'cut') console.log(JSON.stringify(one))
process.exitCode = status ?? 1
