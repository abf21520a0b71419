import type { ProbeCheck } from '../../../../protocol/probes.ts'
import { checkDns } from './dns.ts'
import type { Found } from './found.ts'
import { checkHttp } from './http.ts'
import { checkTcp } from './tcp.ts'
import { checkTls } from './tls.ts'

/** `signal` ends when the time for an answer is over; it is then `no-answer`. Never rejects. */
export type CheckOnce = (signal: AbortSignal, now: () => number) => Promise<Found>

/** How each kind but ICMP, whose targets are asked together, is asked once. */
export function checkOf(check: Exclude<ProbeCheck, { kind: 'icmp' }>): CheckOnce {
  switch (check.kind) {
    case 'tcp':
      return (signal, now) => checkTcp(check, signal, now)
    case 'http':
      return (signal, now) => checkHttp(check, signal, now)
    case 'dns':
      return (signal, now) => checkDns(check, signal, now)
    case 'tls':
      return (signal, now) => checkTls(check, signal, now)
  }
}
