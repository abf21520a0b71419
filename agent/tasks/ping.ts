import { connect, isIPv6 } from 'node:net'
import type { TaskResult } from '../../protocol/tasks.ts'
import { findProgram } from '../platform/find-program.ts'
import { runProgram } from '../platform/run-program.ts'

const ANSWER_WITHIN_MS = 2_000
const PROGRAMS = ['/bin/ping', '/usr/bin/ping', '/sbin/ping']

/** Opens and closes `count` TCP connections one after another. `address` must be an IP address. */
export async function pingByTcp(
  address: string,
  port: number,
  count: number,
  now: () => number,
  signal: AbortSignal,
): Promise<TaskResult> {
  const roundTripsMs: number[] = []
  for (let sent = 0; sent < count && !signal.aborted; sent += 1) {
    const roundTripMs = await connectOnce(address, port, now)
    if (roundTripMs !== undefined) roundTripsMs.push(roundTripMs)
  }
  return { outcome: 'pinged', sent: count, roundTripsMs }
}

function connectOnce(host: string, port: number, now: () => number): Promise<number | undefined> {
  return new Promise(resolve => {
    const startedMs = now()
    const socket = connect({ host, port })
    const timer = setTimeout(() => done(undefined), ANSWER_WITHIN_MS)
    const done = (roundTripMs: number | undefined): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(roundTripMs)
    }
    socket.once('connect', () => done(Math.round((now() - startedMs) * 1_000) / 1_000))
    socket.once('error', () => done(undefined))
  })
}

/** Echoes by the machine's own `ping`, which may open the socket that a user may not. `address` must be an IP address. */
export async function pingByIcmp(address: string, count: number, signal: AbortSignal): Promise<TaskResult> {
  const program = await findProgram(PROGRAMS)
  if (program === undefined) return { outcome: 'not-offered', reason: 'this machine has no ping' }
  const perEchoS = ANSWER_WITHIN_MS / 1_000
  const args = ['-n', isIPv6(address) ? '-6' : '-4', '-c', String(count), '-W', String(perEchoS), '--', address]
  const withinMs = count * (ANSWER_WITHIN_MS + 1_000)
  const { output } = await runProgram(program, args, { withinMs, longestOutputBytes: 16 * 1024, signal })
  return { outcome: 'pinged', sent: count, roundTripsMs: parseRoundTripsMs(output).slice(0, count) }
}

/** "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.021 ms", by iputils and BusyBox alike. */
export function parseRoundTripsMs(output: string): number[] {
  return [...output.matchAll(/ time[=<](\d+(?:\.\d+)?) ms/g)].map(match => Number(match[1]))
}

/** Whether an address answers one of two echoes; null when this machine can't send one. */
export async function answersEcho(address: string): Promise<boolean | null> {
  const result = await pingByIcmp(address, 2, new AbortController().signal).catch(() => undefined)
  return result?.outcome === 'pinged' ? result.roundTripsMs.length > 0 : null
}
