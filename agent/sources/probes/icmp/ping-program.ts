import { isIPv6 } from 'node:net'
import { findProgram } from '../../../platform/find-program.ts'
import { runProgram } from '../../../platform/run-program.ts'
import { createFping, FPING_PATHS } from './fping.ts'
import { onlyAddresses, type Pinger, type SweepAnswers } from './pinger.ts'

const PING_PATHS = ['/bin/ping', '/usr/bin/ping', '/sbin/ping']
/** Each is a process: more would cost a machine more than what it is there for. */
const MOST_ADDRESSES = 50
const AT_ONCE = 10

/** The machine's `ping`, a process an address, where there is no fping. */
export function createPing(program: string): Pinger {
  return {
    description: `ping: this machine has no fping, so at most ${MOST_ADDRESSES} addresses are asked`,
    mostAddresses: MOST_ADDRESSES,
    spacingMs: 0,
    async sweep(addresses, { packets, packetGapMs, timeoutMs }, signal) {
      const waiting = onlyAddresses(addresses).slice(0, MOST_ADDRESSES)
      const answers: SweepAnswers = new Map()
      // iputils lets users no nearer than 0.2 s.
      const gapS = String(Math.max(packetGapMs / 1_000, 0.2))
      const askOne = async (address: string): Promise<void> => {
        const args = ['-n', isIPv6(address) ? '-6' : '-4', '-c', String(packets), '-i', gapS]
        const patience = ['-W', String(timeoutMs / 1_000), '--', address]
        const withinMs = packets * Math.max(packetGapMs, 200) + timeoutMs + 5_000
        const { output } = await runProgram(program, [...args, ...patience], {
          ...{ withinMs, longestOutputBytes: 64 * 1024, signal },
        })
        answers.set(address, { packets: parsePing(output, packets), noRoute: / Unreachable$/im.test(output) })
      }
      const worker = async (): Promise<void> => {
        for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) await askOne(address)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      return answers
    },
  }
}

/** "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.021 ms": the sequence begins with 1, in BusyBox with 0. */
export function parsePing(output: string, packets: number): (number | null)[] {
  const found = [...output.matchAll(/(?:icmp_)?seq=(\d{1,5}) .*time[=<](\d{1,7}(?:\.\d{1,4})?) ms(?! *\(DUP)/g)]
  const first = found.some(([, sequence]) => sequence === '0') ? 0 : 1
  const trips: (number | null)[] = Array.from({ length: packets }, () => null)
  for (const [, sequence, ms] of found) {
    const place = Number(sequence) - first
    if (place < packets && trips[place] === null) trips[place] = Number(ms)
  }
  return trips
}

/** The best that this machine has; undefined when it has neither. */
export async function findPinger(
  paths: { fping: readonly string[]; ping: readonly string[] } = { fping: FPING_PATHS, ping: PING_PATHS },
): Promise<Pinger | undefined> {
  const fping = await findProgram(paths.fping)
  if (fping !== undefined) return createFping(fping)
  const ping = await findProgram(paths.ping)
  return ping === undefined ? undefined : createPing(ping)
}
