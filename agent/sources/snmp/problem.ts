/** What can go wrong with a device, as a closed list. */
export const SNMP_PROBLEMS = [
  'no-route',
  'port-closed',
  'timeout',
  'unknown-user',
  'wrong-digest',
  'decryption',
  'unsupported-level',
  'not-in-time-window',
  'not-in-view',
  'too-big',
  'no-such-name',
  'device-error',
  'garbage',
  'non-increasing',
  'too-many-rows',
  'too-late',
  'closed',
] as const
export type SnmpProblem = (typeof SNMP_PROBLEMS)[number]

/** Says nothing of communities and keys. */
export class SnmpError extends Error {
  readonly problem: SnmpProblem
  /** Which variable of the request it was, counted from 0, where the device says so. */
  readonly variable: number | undefined
  constructor(problem: SnmpProblem, message: string, variable?: number) {
    super(message)
    this.name = 'SnmpError'
    this.problem = problem
    this.variable = variable
  }
}

export const problemOf = (error: unknown): SnmpProblem => (error instanceof SnmpError ? error.problem : 'garbage')
