import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'
import { type HttpPhase, PROBE_METRICS, type ProbeFailure } from '../../../../protocol/probe-words.ts'
import type { ProbeCheck } from '../../../../protocol/probes.ts'
import { failureWord } from './failure-word.ts'
import type { Found } from './found.ts'
import { valueAt } from './json-place.ts'
import { judgeCertificate } from './tls.ts'

type Http = Extract<ProbeCheck, { kind: 'http' }>
type Answer = {
  status: number
  location: string | undefined
  body: string
  phases: Record<HttpPhase, number>
  certificate: Found | undefined
}

const MOST_REDIRECTS = 5
/** What lies beyond is not looked at. */
const LONGEST_BODY_BYTES = 1024 * 1024

/** Asks for a page as a browser would that has seen nothing yet: a new connection each time, redirects followed. */
export async function checkHttp(check: Http, signal: AbortSignal, now: () => number): Promise<Found> {
  const startedMs = now()
  const phases: Record<HttpPhase, number> = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 }
  try {
    let url = new URL(check.url)
    let answer = await askOnce(url, check, signal, now)
    for (let hops = 0; ; hops += 1) {
      for (const phase of PHASES) phases[phase] += answer.phases[phase]
      const { location } = answer
      if (location === undefined || check.redirects === 'stay' || ![301, 302, 303, 307, 308].includes(answer.status))
        break
      if (hops === MOST_REDIRECTS || !URL.canParse(location, url.href))
        return { failure: 'protocol-error', figures: [] }
      url = new URL(location, url)
      if (url.protocol !== 'http:' && url.protocol !== 'https:') return { failure: 'protocol-error', figures: [] }
      answer = await askOnce(url, check, signal, now)
    }
    const { certificate } = answer
    return {
      failure: judge(check, answer),
      figures: [
        { metric: PROBE_METRICS.durationSeconds, value: (now() - startedMs) / 1_000 },
        { metric: PROBE_METRICS.httpStatusCode, value: answer.status },
        ...PHASES.map(phase => ({
          ...{ metric: PROBE_METRICS.httpDurationSeconds, labels: { phase }, value: phases[phase] / 1_000 },
        })),
        ...(certificate?.figures ?? []),
      ],
      ...(certificate?.facts === undefined ? {} : { facts: certificate.facts }),
    }
  } catch (error) {
    return { failure: signal.aborted ? 'no-answer' : failureWord(error), figures: [] }
  }
}

const PHASES = ['resolve', 'connect', 'tls', 'processing', 'transfer'] as const

function judge(check: Http, { status, body }: Answer): ProbeFailure | null {
  const good = check.statuses.length === 0 ? status >= 200 && status < 400 : check.statuses.includes(status)
  if (!good) return 'status-unexpected'
  const { keyword, jsonPath } = check
  if (keyword !== null && body.includes(keyword.text) !== (keyword.is === 'present')) return 'content-unexpected'
  return jsonPath !== null && valueAt(body, jsonPath.path) !== jsonPath.equals ? 'content-unexpected' : null
}

function askOnce(url: URL, check: Http, signal: AbortSignal, now: () => number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startedMs = now()
    let lookedUpMs: number | undefined
    let connectedMs: number | undefined
    let securedMs: number | undefined
    let certificate: Found | undefined
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    const request = send(url, {
      ...{ method: check.method, agent: false, signal, autoSelectFamily: true },
      headers: { 'user-agent': 'pantau-probe', accept: '*/*', 'accept-encoding': 'identity', connection: 'close' },
      rejectUnauthorized: check.certificate === 'verify',
    })
    request.on('error', reject)
    request.once('socket', socket => {
      socket.once('lookup', () => {
        lookedUpMs = now()
      })
      socket.once('connect', () => {
        connectedMs = now()
      })
      socket.once('secureConnect', () => {
        securedMs = now()
        if (socket instanceof TLSSocket) certificate = judgeCertificate(socket, url.hostname.replace(/^\[|\]$/g, ''))
      })
    })
    request.once('response', (response: IncomingMessage) => {
      const headMs = now()
      const { statusCode = 0, headers } = response
      const parts: Buffer[] = []
      let bytes = 0
      const finish = (): void => {
        const endMs = now()
        const connected = connectedMs ?? startedMs
        const ready = securedMs ?? connected
        resolve({
          ...{ status: statusCode, location: headers.location, certificate },
          body: Buffer.concat(parts).toString('utf8'),
          phases: {
            ...{ resolve: (lookedUpMs ?? startedMs) - startedMs, connect: connected - (lookedUpMs ?? startedMs) },
            ...{ tls: ready - connected, processing: headMs - ready, transfer: endMs - headMs },
          },
        })
      }
      response.on('error', reject)
      response.on('data', (part: Buffer) => {
        bytes += part.length
        parts.push(part)
        if (bytes < LONGEST_BODY_BYTES) return
        finish()
        request.destroy()
      })
      response.once('end', finish)
    })
    request.end()
  })
}
