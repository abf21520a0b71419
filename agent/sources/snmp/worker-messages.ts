import type { SnmpTarget } from '../../../protocol/snmp.ts'
import type { TaskOrder, TaskResult } from '../../../protocol/tasks.ts'
import type { Log } from '../../platform/logger.ts'
import type { PackedPart } from '../source.ts'

export type SnmpOrder = Extract<TaskOrder, { kind: 'rediscover' | 'snmp-test' | 'discover' }>

export type ToWorker =
  | { kind: 'targets'; targets: readonly SnmpTarget[] }
  | { kind: 'take'; id: number }
  | { kind: 'task'; id: number; order: SnmpOrder }
  | { kind: 'abort'; id: number }

export type FromWorker =
  | { kind: 'taken'; id: number; packed: PackedPart[] }
  | { kind: 'result'; id: number; result: TaskResult }
  /** How far a long task is. */
  | { kind: 'progress'; id: number; result: TaskResult }
  | { kind: 'failed'; id: number; reason: string }
  /** Something came, went or changed its state: it should be taken at once. */
  | { kind: 'changed' }
  | { kind: 'log'; level: keyof Log; fields: object; message: string }
