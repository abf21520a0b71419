import type { Assignments } from '../../protocol/assignments.ts'
import { PROBE_LIMITS } from '../../protocol/probe-words.ts'
import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import { parseProbeTarget } from './parse-probes.ts'
import { exactly, isWhole, listOf, parseSnmpTarget } from './parse-snmp.ts'

function parseAllowedUpgrade(value: unknown): { sequence: number } | undefined {
  const sequence = exactly(value, ['sequence'])?.sequence
  return isWhole(sequence, [0, Number.MAX_SAFE_INTEGER]) ? { sequence } : undefined
}

/** The lists of an answer; undefined when there is one that was not asked for, or any item of one is refused. */
export function parseAssignments(value: unknown): Assignments | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const lists: Assignments = {}
  for (const [name, items] of Object.entries(value)) {
    if (name === 'snmp') lists.snmp = listOf(items, [0, SNMP_LIMITS.targets], parseSnmpTarget)
    else if (name === 'probes') lists.probes = listOf(items, [0, PROBE_LIMITS.targets], parseProbeTarget)
    else if (name === 'upgrade') lists.upgrade = listOf(items, [0, 1], parseAllowedUpgrade)
    else return undefined
  }
  return Object.values(lists).includes(undefined) ? undefined : lists
}
