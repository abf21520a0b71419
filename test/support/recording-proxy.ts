// Stands between agent and collector and remembers which batches were acknowledged: the truth that a kill test is held
// against. It changes nothing on the way.
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { type Batch, batch } from '../../protocol/batch.ts'

export type RecordingProxy = {
  url: string
  /** Acknowledged batches by number. */
  acknowledged: Map<number, Batch>
  /** How often an acknowledgement said that the number was known already. */
  duplicates(): number
  close(): Promise<void>
}

export async function startRecordingProxy(target: { port: number }): Promise<RecordingProxy> {
  const acknowledged = new Map<number, Batch>()
  let duplicates = 0

  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await readAll(incoming)
      const answer = await forward(target.port, incoming, body)
      if (incoming.url === '/api/v1/ingest' && answer.status === 200) {
        const plain = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
        const delivered = batch.parse(JSON.parse(plain.toString('utf8')))
        acknowledged.set(delivered.number, delivered)
        if ((JSON.parse(answer.body.toString('utf8')) as { duplicate: boolean }).duplicate) duplicates += 1
      }
      outgoing.writeHead(answer.status, answer.headers)
      outgoing.end(answer.body)
    } catch {
      // The collector is dead at this moment: the agent sees its connection break, as it would without us.
      incoming.destroy()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    acknowledged,
    duplicates: () => duplicates,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

type Answer = { status: number; headers: Record<string, string>; body: Buffer }

function forward(port: number, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false },
      response => {
        readAll(response).then(answer => {
          const headers = Object.fromEntries(
            ['content-type', 'retry-after'].flatMap(name => {
              const value = response.headers[name]
              return typeof value === 'string' ? [[name, value]] : []
            }),
          )
          resolve({ status: response.statusCode ?? 502, headers, body: answer })
        }, reject)
      },
    )
    onward.once('error', reject)
    onward.end(body)
  })
}
