import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { type Batch, batch, batchHeaders, enrolment } from '../../../protocol/batch.ts'
import { PROBLEMS, type ProblemCode } from '../../../protocol/problem.ts'
import { freePort } from '../../support/free-port.ts'

export type Delivery = { batch: Batch; headers: IncomingHttpHeaders; bodyText: string }
export type Refusal = { code: ProblemCode; detail?: string; headers?: Record<string, string> }

export type RecordingCollector = {
  url: string
  port: number
  /** Every batch that was acknowledged, resent ones again. */
  acknowledged: Delivery[]
  enrolments: { token: string | undefined; hostname: string; machineId: string }[]
  /** Answers every request so, until set back to undefined. */
  refuse: (decide: ((batch: Batch | undefined) => Refusal | undefined) | undefined) => void
  close(): Promise<void>
}

export const ENROLLED = {
  agentId: '018f0000-0000-7000-8000-00000000000a',
  deviceId: '018f0000-0000-7000-8000-00000000000b',
  key: 'key-that-must-not-be-logged',
}

function sendProblem(response: ServerResponse, { code, detail, headers }: Refusal): void {
  const { status, title } = PROBLEMS[code]
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers })
  response.end(JSON.stringify({ type: 'about:blank', title, status, code, ...(detail && { detail }) }))
}

/** A small real collector on loopback: checks everything by the wire contract and remembers it before it acknowledges. */
export async function startRecordingCollector(given?: number): Promise<RecordingCollector> {
  const port = given ?? (await freePort())
  const acknowledged: Delivery[] = []
  const enrolments: RecordingCollector['enrolments'] = []
  let decide: ((batch: Batch | undefined) => Refusal | undefined) | undefined
  const server: Server = createServer((request, response) => {
    // A question for orders is held, as the real one does.
    if (request.method === 'GET') return
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts)
      const bodyText = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8')
      if (request.url === '/api/v1/enrol') {
        const refusal = decide?.(undefined)
        if (refusal) return sendProblem(response, refusal)
        const asked = enrolment.parse(JSON.parse(bodyText))
        enrolments.push({ token: request.headers.authorization, ...asked })
        response.writeHead(201, { 'content-type': 'application/json' })
        return response.end(JSON.stringify(ENROLLED))
      }
      const parsed = batch.safeParse(JSON.parse(bodyText))
      const headers = batchHeaders.safeParse(request.headers)
      if (!parsed.success || !headers.success || request.url !== '/api/v1/ingest') {
        return sendProblem(response, { code: 'bad-batch', detail: String(parsed.error ?? headers.error) })
      }
      if (request.headers.authorization !== `Bearer ${ENROLLED.key}`) {
        return sendProblem(response, { code: 'unauthenticated' })
      }
      const refusal = decide?.(parsed.data)
      if (refusal) return sendProblem(response, refusal)
      acknowledged.push({ batch: parsed.data, headers: request.headers, bodyText })
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ acknowledged: parsed.data.number, duplicate: false, receivedAt: Date.now() }))
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  onTestFinished(close)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    acknowledged,
    enrolments,
    refuse(next) {
      decide = next
    },
    close,
  }
}
