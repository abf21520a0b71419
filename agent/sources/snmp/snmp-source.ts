import type { SnmpTarget } from '../../../protocol/snmp.ts'
import type { TaskOrder, TaskResult } from '../../../protocol/tasks.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Log, reasonOf } from '../../platform/logger.ts'
import type { Source } from '../source.ts'
import type { SnmpEngine } from './snmp-engine.ts'

type SnmpOrder = Extract<TaskOrder, { kind: 'rediscover' | 'snmp-test' | 'discover' }>

export type SnmpSource = Source & {
  setTargets(targets: readonly SnmpTarget[]): void
  /** Does one of the tasks of SNMP; `tell` hears of a sweep how far it is. */
  run(order: SnmpOrder, signal: AbortSignal, tell: (result: TaskResult) => Promise<void>): Promise<TaskResult>
  stop(): void
}

/**
 * The devices that the collector assigned. Polling has a rhythm of its own for each of them; a tick takes along what came
 * since. Nothing of SNMP is loaded before there is a target or a task.
 */
export function createSnmpSource(deps: {
  clock: Clock
  log: Log
  ping: (address: string) => Promise<boolean | null>
}): SnmpSource {
  let loading: Promise<SnmpEngine> | undefined
  let engine: SnmpEngine | undefined
  let targets: readonly SnmpTarget[] = []
  let isStopped = false

  const load = (): Promise<SnmpEngine> => {
    loading ??= import('./snmp-engine.ts')
      .then(({ createSnmpEngine }) => createSnmpEngine(deps))
      .then(loaded => {
        if (isStopped) loaded.stop()
        else loaded.setTargets(targets)
        engine = loaded
        return loaded
      })
    return loading
  }

  return {
    name: 'snmp',
    isIdle: () => engine === undefined || (targets.length === 0 && !engine.hasChanged()),
    hasChanged: () => engine?.hasChanged() ?? false,
    async read() {
      return engine === undefined ? 'not-offered' : engine.take()
    },
    setTargets(list) {
      targets = list
      if (engine !== undefined) engine.setTargets(list)
      else if (list.length > 0)
        load().catch(error => deps.log.error({ reason: reasonOf(error) }, 'SNMP could not be started'))
    },
    async run(order, signal, tell) {
      const loaded = await load()
      if (order.kind === 'snmp-test') return loaded.test(order, signal)
      if (order.kind === 'discover') return loaded.sweep(order, signal, tell)
      return loaded.rediscover(order.deviceId)
        ? { outcome: 'done' }
        : { outcome: 'failed', reason: 'this agent does not poll this device' }
    },
    stop() {
      isStopped = true
      engine?.stop()
    },
  }
}
