// What an agent watches for the collector: a list a kind of watching. An agent names in its question the lists that it
// knows (`lists=snmp`) and gets those and no other, so both ends can parse strictly, and an agent of the version before
// simply never hears of a list that it would have to refuse. A new kind of watching is a new name and a new list; a list
// whose items must change shape gets a new name, too.
import { z } from 'zod'
import { PROBE_LIMITS } from './probe-words.ts'
import { probeTarget } from './probes.ts'
import { snmpTarget } from './snmp.ts'
import { SNMP_LIMITS } from './snmp-words.ts'

/**
 * A list that is there is whole and takes the place of the one before; one that is left out stays as it was. So an answer
 * that brings only a task does not repeat thousands of targets.
 */
export const assignments = z.strictObject({
  snmp: z.array(snmpTarget).max(SNMP_LIMITS.targets).optional(),
  probes: z.array(probeTarget).max(PROBE_LIMITS.targets).optional(),
  /** The bundle that an operator allows, so that its agent asks for the offer now; what it takes is said there. */
  upgrade: z
    .array(z.strictObject({ sequence: z.int().min(0) }))
    .max(1)
    .optional(),
})
export type Assignments = z.output<typeof assignments>
