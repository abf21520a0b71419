// The process beside the collector that is all the agents: a keep-alive connection each, a batch each interval, spread
// evenly. What was not taken is sent again, as an agent does. Talks with the bench by messages.
import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { LANE_HEADER, SENT_AT_HEADER } from '../../../protocol/wire.ts'
import { type Connection, createConnection } from './connection.ts'
import { createLoadServer, type LoadServer } from './servers.ts'

export type LoadOrder = {
  port: number
  intervalMs: number
  /** A server each: with its agent's key, or as lines to a path. */
  target: { kind: 'agents'; keys: string[] } | { kind: 'lines'; path: string; servers: number }
}
export type LoadReport = {
  kind: 'report' | 'end'
  /** Times to the acknowledgement, ms, since the report before; of the whole run at the end. */
  p50: number
  p99: number
  max: number
  acknowledged: number
  refused: Record<string, number>
  broken: number
  waiting: number
  /** How late this process itself was with sending, p99 in ms. */
  lateP99: number
  /** At the end: acknowledged samples of each server. */
  samples?: number[]
}

type Agent = {
  server: LoadServer
  connection: Connection
  /** Made and not acknowledged yet; the first one is under way. */
  queue: { number: number; text: string; madeMs: number }[]
  samples: number
}

const STEP_MS = 2
const REPORT_MS = 10_000
const DRAIN_MS = 30_000

let agents: Agent[] = []
let order: LoadOrder
let ending = false
const whole = createHistogram()
let part = createHistogram()
const late = createHistogram()
let [acknowledged, broken] = [0, 0]
let refused: Record<string, number> = {}

function headOf(index: number): string {
  const shared = `host: 127.0.0.1:${order.port}\r\nconnection: keep-alive\r\n`
  if (order.target.kind === 'lines')
    return `POST ${order.target.path} HTTP/1.1\r\ncontent-type: text/plain\r\n${shared}`
  return (
    `POST /api/v1/ingest HTTP/1.1\r\nauthorization: Bearer ${order.target.keys[index]}\r\n` +
    `content-type: application/json\r\nuser-agent: pantau-agent/0.1.0\r\n${SENT_AT_HEADER}: ${Date.now()}\r\n` +
    `${LANE_HEADER}: fresh\r\n${shared}`
  )
}

async function drain(agent: Agent, index: number): Promise<void> {
  for (let first = agent.queue[0]; first !== undefined; first = agent.queue[0]) {
    try {
      const answer = await agent.connection.send(headOf(index), first.text)
      const taken =
        order.target.kind === 'lines'
          ? answer.status === 204
          : answer.status === 200 && JSON.parse(answer.body).acknowledged === first.number
      if (taken) {
        agent.queue.shift()
        const tookUs = Math.max(1, Math.round((performance.now() - first.madeMs) * 1000))
        whole.record(tookUs)
        part.record(tookUs)
        acknowledged += 1
        agent.samples += agent.server.series
        continue
      }
      refused[answer.status] = (refused[answer.status] ?? 0) + 1
      await sleep(answer.retryAfterS * 1000)
    } catch {
      broken += 1
      await sleep(1_000)
    }
  }
}

function make(agent: Agent, index: number): void {
  const at = Date.now()
  const madeMs = performance.now()
  agent.queue.push(
    order.target.kind === 'lines'
      ? { number: 0, text: agent.server.lines(at), madeMs }
      : { ...agent.server.batch(at, order.intervalMs), madeMs },
  )
  if (agent.queue.length === 1) void drain(agent, index)
}

async function run(): Promise<void> {
  const startedMs = performance.now()
  const dueMs = (made: number) => startedMs + (made / agents.length) * order.intervalMs
  for (let made = 0; !ending; ) {
    const nowMs = performance.now()
    for (; dueMs(made) <= nowMs; made += 1) {
      late.record(Math.max(1, Math.round((nowMs - dueMs(made)) * 1000)))
      const index = made % agents.length
      const agent = agents[index]
      if (agent !== undefined) make(agent, index)
    }
    await sleep(STEP_MS)
  }
  for (const endMs = performance.now() + DRAIN_MS; performance.now() < endMs; await sleep(20)) {
    if (agents.every(({ queue }) => queue.length === 0)) break
  }
}

function tell(kind: LoadReport['kind'], times: RecordableHistogram, samples?: number[]): void {
  const report: LoadReport = {
    ...{ kind, acknowledged, refused, broken, waiting: agents.filter(({ queue }) => queue.length > 0).length },
    ...{ p50: times.percentile(50) / 1000, p99: times.percentile(99) / 1000, max: times.max / 1000 },
    lateP99: late.percentile(99) / 1000,
    ...(samples === undefined ? {} : { samples }),
  }
  process.send?.(report)
}

process.on('message', async (message: LoadOrder | 'end') => {
  if (message === 'end') {
    ending = true
    return
  }
  order = message
  const servers = order.target.kind === 'agents' ? order.target.keys.length : order.target.servers
  agents = Array.from({ length: servers }, (_, index) => ({
    ...{ server: createLoadServer(index, order.intervalMs), connection: createConnection(order.port) },
    ...{ queue: [], samples: 0 },
  }))
  const timer = setInterval(() => {
    tell('report', part)
    part = createHistogram()
    refused = {}
    broken = 0
  }, REPORT_MS)
  await run()
  clearInterval(timer)
  tell(
    'end',
    whole,
    agents.map(({ samples }) => samples),
  )
  for (const { connection } of agents) connection.close()
  process.disconnect()
})
