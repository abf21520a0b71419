import { isIP } from 'node:net'
import { checkServerIdentity, connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { PROBE_METRICS, type ProbeFailure } from '../../../../protocol/probe-words.ts'
import type { ProbeCheck } from '../../../../protocol/probes.ts'
import type { Fact } from '../../facts/flatten-facts.ts'
import { failureWord } from './failure-word.ts'
import type { Found } from './found.ts'

/** Shakes hands, then looks at the chain: whether it holds by the roots of this machine's Node, when its first certificate ends, and for whom it is. */
export function checkTls(
  { host, port, serverName }: Extract<ProbeCheck, { kind: 'tls' }>,
  signal: AbortSignal,
  now: () => number,
): Promise<Found> {
  const startedMs = now()
  const name = serverName ?? host
  return new Promise(resolve => {
    const socket = connect({
      ...{ host, port, rejectUnauthorized: false, autoSelectFamily: true },
      // RFC 6066: an address is no server name.
      ...(isIP(name) === 0 ? { servername: name.replace(/\.$/, '') } : {}),
    })
    const done = (found: Found): void => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      resolve(found)
    }
    const late = (): void => done({ failure: 'no-answer', figures: [] })
    signal.addEventListener('abort', late, { once: true })
    socket.on('error', error => done({ failure: failureWord(error), figures: [] }))
    socket.once('secureConnect', () => {
      const { failure, figures, facts } = judgeCertificate(socket, name)
      const took = { metric: PROBE_METRICS.durationSeconds, value: (now() - startedMs) / 1_000 }
      done({ failure, figures: [took, ...figures], facts })
    })
  })
}

/** What a connection that was not verified shows of its certificate. */
export function judgeCertificate(socket: TLSSocket, name: string): Found & { facts: Fact[] } {
  const leaf = socket.getPeerCertificate(true)
  if (leaf.valid_to === undefined) return { failure: 'protocol-error', figures: [], facts: [] }
  const problem: unknown = socket.authorizationError
  const wrongName = checkServerIdentity(name.replace(/\.$/, ''), leaf) !== undefined
  const untrusted: ProbeFailure | null = problem ? failureWord({ code: problem }) : null
  // An end that is over is said first, also of a certificate that nobody would have trusted before.
  const isOver = Date.parse(leaf.valid_to) < Date.now()
  const failure = isOver ? 'certificate-expired' : (untrusted ?? (wrongName ? 'certificate-wrong-name' : null))
  return {
    failure: failure === 'protocol-error' ? 'certificate-untrusted' : failure,
    figures: [
      { metric: PROBE_METRICS.tlsExpiry, value: earliestEnd(leaf) },
      { metric: PROBE_METRICS.tlsChainOk, value: untrusted === null ? 1 : 0 },
    ],
    facts: [
      { name: 'certificate.subject', value: nameOf(leaf.subject) },
      { name: 'certificate.issuer', value: nameOf(leaf.issuer) },
    ],
  }
}

/** Unix seconds. */
function earliestEnd(leaf: DetailedPeerCertificate): number {
  const seen = new Set<string>()
  let earliestMs = Number.POSITIVE_INFINITY
  // The last of a chain names itself as its issuer.
  for (
    let one: DetailedPeerCertificate | undefined = leaf;
    one !== undefined && !seen.has(one.fingerprint256);
    one = one.issuerCertificate
  ) {
    seen.add(one.fingerprint256)
    earliestMs = Math.min(earliestMs, Date.parse(one.valid_to))
  }
  return Math.round(earliestMs / 1_000)
}

function nameOf({ CN, O: organisation }: DetailedPeerCertificate['subject']): string {
  const first = CN ?? organisation ?? ''
  return String(Array.isArray(first) ? first[0] : first).slice(0, 200)
}
