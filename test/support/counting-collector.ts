// A collector that acknowledges everything and counts, over TLS, in a process of its own so that it takes no time from
// what is measured: `node counting-collector.ts KEY CERT`. Says its port, then answers GET /count, and GET /first as soon as
// a batch is there.
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

const [keyFile = '', certFile = ''] = process.argv.slice(2)
const ids = { agentId: '018f0000-0000-7000-8000-00000000000a', deviceId: '018f0000-0000-7000-8000-00000000000b' }
const NOTHING = { batches: 0, series: 0, bytes: 0, firstBegunMs: 0, firstAtMs: 0, facts: 0 }
const count = { ...NOTHING }
const waiting: ServerResponse[] = []

const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (request, response) => {
  const parts: Buffer[] = []
  // Its head is here: the rest of it is on its way.
  if (request.url === '/api/v1/ingest' && count.firstBegunMs === 0) count.firstBegunMs = Date.now()
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts)
    if (request.url === '/count') response.end(JSON.stringify(count))
    else if (request.url === '/first' && count.batches === 0) waiting.push(response)
    else if (request.url === '/first') response.end(JSON.stringify(count))
    else if (request.url === '/reset') {
      Object.assign(count, NOTHING)
      response.end('{}')
    } else if (request.url === '/api/v1/enrol') response.end(JSON.stringify({ ...ids, key: 'key' }))
    else if (request.url === '/api/v1/ingest') {
      if (count.firstAtMs === 0) count.firstAtMs = Date.now()
      const batch = JSON.parse(body.toString())
      count.batches += 1
      count.series = batch.series.length
      count.bytes = body.length
      count.facts += batch.facts?.length ?? 0
      response.end(JSON.stringify({ acknowledged: batch.number, duplicate: false, receivedAt: Date.now() }))
      for (const one of waiting.splice(0)) one.end(JSON.stringify(count))
    }
    // A question for orders is held, as the real one does.
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
