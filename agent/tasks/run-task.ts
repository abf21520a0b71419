import type { TaskOrder, TaskResult } from '../../protocol/tasks.ts'
import { TASK_LIMITS } from '../../protocol/wire.ts'
import type { Clock } from '../platform/clock.ts'
import { reasonOf } from '../platform/logger.ts'
import type { SnmpSource } from '../sources/snmp/snmp-source.ts'
import { pingByIcmp, pingByTcp } from './ping.ts'

/** Does one thing of the closed list; a failure is a result, too. */
export async function runTask(
  deps: {
    clock: Clock
    refreshFacts: () => void
    snmp: Pick<SnmpSource, 'run'>
    signal: AbortSignal
    /** Says how far a long task is. */
    tell: (result: TaskResult) => Promise<void>
  },
  order: TaskOrder,
): Promise<TaskResult> {
  try {
    switch (order.kind) {
      case 'ping':
        return order.by.method === 'tcp'
          ? await pingByTcp(order.address, order.by.port, order.count, deps.clock.monotonicMs, deps.signal)
          : await pingByIcmp(order.address, order.count, deps.signal)
      case 'refresh-facts':
        deps.refreshFacts()
        return { outcome: 'done' }
      case 'rediscover':
      case 'snmp-test':
      case 'discover':
        return await deps.snmp.run(order, deps.signal, deps.tell)
    }
  } catch (error) {
    return { outcome: 'failed', reason: reasonOf(error).slice(0, TASK_LIMITS.reason) }
  }
}
