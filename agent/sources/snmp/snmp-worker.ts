// SNMP in a thread with a heap of its own: what a thousand routers need is asked for only where there are so many, and a
// device that makes it too much ends the thread and not the agent.
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../platform/clock.ts'
import type { Log } from '../../platform/logger.ts'
import { createPacker } from '../../spool/packed-part.ts'
import { answersEcho } from '../../tasks/ping.ts'
import { createSnmpEngine } from './snmp-engine.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

const port = parentPort
if (port === null) throw new Error('this file runs as a worker thread')

const LOOK_EVERY_MS = 250
const TELL_STATE_EVERY_MS = 5_000

const tell = (message: FromWorker, given: ArrayBuffer[] = []): void => port.postMessage(message, given)
const sayAt =
  (level: keyof Log) =>
  (first: string | object, message?: string): void =>
    tell({ kind: 'log', level, fields: typeof first === 'string' ? {} : first, message: message ?? String(first) })
const log: Log = { debug: sayAt('debug'), info: sayAt('info'), warn: sayAt('warn'), error: sayAt('error') }
const engine = await createSnmpEngine({ clock: systemClock, log, ping: answersEcho })
const running = new Map<number, AbortController>()
const packer = createPacker({ nowMs: systemClock.nowMs })
let isTold = false
let lost = 0
let stateToldMs = Number.NEGATIVE_INFINITY

async function answer({ id, order }: Extract<ToWorker, { kind: 'task' }>): Promise<void> {
  const ending = new AbortController()
  running.set(id, ending)
  try {
    if (order.kind === 'snmp-test') tell({ kind: 'result', id, result: await engine.test(order, ending.signal) })
    else if (order.kind === 'discover') {
      const progress = async (result: Parameters<Parameters<typeof engine.sweep>[2]>[0]): Promise<void> =>
        tell({ kind: 'progress', id, result })
      tell({ kind: 'result', id, result: await engine.sweep(order, ending.signal, progress) })
    } else if (engine.rediscover(order.deviceId)) tell({ kind: 'result', id, result: { outcome: 'done' } })
    else {
      const result = { outcome: 'failed', reason: 'this agent does not poll this device' } as const
      tell({ kind: 'result', id, result })
    }
  } catch (error) {
    tell({ kind: 'failed', id, reason: error instanceof Error ? error.message : String(error) })
  } finally {
    running.delete(id)
  }
}

/** With the rhythm of the ticks, however often news is taken between them. */
function tellState(): void {
  if (systemClock.monotonicMs() - stateToldMs < TELL_STATE_EVERY_MS) return
  stateToldMs = systemClock.monotonicMs()
  const lostFigures = { metric: 'pantau_agent_poller_lost_figures', value: packer.lost() }
  packer.add({ gauges: [...engine.state(), lostFigures] })
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'targets':
      engine.setTargets(message.targets)
      break
    case 'take': {
      isTold = false
      packer.add(engine.take())
      tellState()
      const packed = packer.take()
      const given = packed.map(({ buffer }) => buffer)
      tell({ kind: 'taken', id: message.id, packed }, given)
      break
    }
    case 'task':
      void answer(message)
      break
    case 'abort':
      running.get(message.id)?.abort()
      break
  }
})
setInterval(() => {
  // As objects they are twenty times as large: none of them waits for the tick.
  const isUrgent = engine.hasChanged()
  packer.add(engine.take())
  if (packer.lost() > lost)
    log.error({ lost: packer.lost() }, 'figures of devices are not taken fast enough, some are lost')
  lost = packer.lost()
  if (isTold || !(isUrgent || packer.full() > 0)) return
  isTold = true
  tell({ kind: 'changed' })
}, LOOK_EVERY_MS)
