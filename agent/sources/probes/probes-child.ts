// A small process of its own for all probes: it starts fping many times an hour, which would stall a large process, and
// what it counts is not on the agent's heap. A line in is new targets or a question, a line out is an answer or "news".
import { createInterface } from 'node:readline'
import type { ProbeTarget } from '../../../protocol/probes.ts'
import { systemClock } from '../../platform/clock.ts'
import { findPinger } from './icmp/ping-program.ts'
import { createProbeEngine } from './probe-engine.ts'
import { readOwnNetwork } from './self-check.ts'

export type ChildOrder = { targets: readonly ProbeTarget[] } | { take: 'news' | 'all' }

const engine = createProbeEngine({
  clock: systemClock,
  pinger: await findPinger(),
  readOwnNetwork: () => readOwnNetwork('/proc', '/sys'),
  onNews: () => void process.stdout.write('"news"\n'),
})

createInterface({ input: process.stdin })
  .on('line', line => {
    const order: ChildOrder = JSON.parse(line)
    if ('targets' in order) engine.setTargets(order.targets)
    else process.stdout.write(`${JSON.stringify(engine.take(order.take))}\n`)
  })
  // The agent is gone, however it went: nobody hears what would come.
  .on('close', () => process.exit(0))
process.stdout.on('error', () => process.exit(0))
