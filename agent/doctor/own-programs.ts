// Programs of the machine that what was assigned to this agent needs.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAssignments } from '../assignments/parse-assignments.ts'
import { findPinger } from '../sources/probes/icmp/ping-program.ts'
import { type Finding, finding } from './finding.ts'

const INSTALL = 'apt install fping (dnf install fping, apk add fping)'

/** Whether the pings that are assigned can be sent; undefined when none are. Reads the lists that the agent kept. */
export async function checkPings(directory: string, findProgram = findPinger): Promise<Finding | undefined> {
  const probes = await assignedProbes(directory)
  const pings = probes.filter(({ check }) => check.kind === 'icmp').length
  if (pings === 0) return undefined
  const pinger = await findProgram()
  if (pinger === undefined) {
    return finding(
      ...(['problem', 'pings'] as const),
      `${pings} addresses are to be pinged, and this machine has neither fping nor ping: ${INSTALL}`,
      `${pings} alamat harus di-ping, tetapi mesin ini tidak punya fping maupun ping: ${INSTALL}`,
    )
  }
  if (Number.isFinite(pinger.mostAddresses)) {
    return finding(
      ...(['warning', 'pings'] as const),
      `${pings} addresses are to be pinged, and this machine has no fping; ping in its place asks at most ${pinger.mostAddresses} of them, at more cost: ${INSTALL}`,
      `${pings} alamat harus di-ping, tetapi mesin ini tidak punya fping; ping sebagai gantinya hanya menanyai paling banyak ${pinger.mostAddresses} alamat dan lebih berat: ${INSTALL}`,
    )
  }
  return finding(
    ...(['ok', 'pings'] as const),
    `${pings} addresses are pinged by fping`,
    `${pings} alamat di-ping dengan fping`,
  )
}

async function assignedProbes(directory: string) {
  try {
    const kept: unknown = JSON.parse(await readFile(join(directory, 'assignments.json'), 'utf8'))
    const lists = typeof kept === 'object' && kept !== null && 'lists' in kept ? kept.lists : undefined
    return parseAssignments(lists)?.probes ?? []
  } catch {
    // Nothing was assigned yet, or the agent will ask for it again.
    return []
  }
}
