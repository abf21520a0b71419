// A collector that gives out targets of SNMP, acknowledges everything and counts whose rounds came, in a process of its own:
// `node round-collector.ts TARGETS_FILE`. Says its port, then answers GET /count.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Batch } from '../../../protocol/batch.ts'

const [targetsFile = ''] = process.argv.slice(2)
const snmp = JSON.parse(readFileSync(targetsFile, 'utf8'))
const ids = { agentId: '018f0000-0000-7000-8000-00000000000a', deviceId: '018f0000-0000-7000-8000-00000000000b' }
const fresh = () => ({ batches: 0, bytes: 0, textBytes: 0, figures: 0, discovered: 0 })
let count = fresh()
let rounds = new Map<string, number>()
let seconds: number[] = []

function take(batch: Batch): void {
  count.figures += batch.series.length
  count.discovered += batch.discoveries?.length ?? 0
  const up = new Set<string>()
  for (const { subject = '', metric, points } of batch.series) {
    if (metric === 'snmp_up' && points[0]?.[1] === 1) {
      up.add(subject)
      rounds.set(subject, (rounds.get(subject) ?? 0) + 1)
    }
    if (metric === 'snmp_poll_duration_seconds' && up.has(subject)) seconds.push(Number(points[0]?.[1]))
  }
}

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts)
    const url = request.url ?? ''
    if (url === '/count') response.end(JSON.stringify({ ...count, rounds: [...rounds.values()], seconds }))
    else if (url === '/reset') {
      count = fresh()
      rounds = new Map()
      seconds = []
      response.end('{}')
    } else if (url.endsWith('/enrol')) response.end(JSON.stringify({ ...ids, key: 'key' }))
    else if (url.endsWith('/ingest')) {
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      const batch: Batch = JSON.parse(text.toString())
      count.batches += 1
      count.bytes += body.length
      count.textBytes += text.length
      take(batch)
      response.end(JSON.stringify({ acknowledged: batch.number, duplicate: false, receivedAt: Date.now() }))
    } else if (url.includes('after=0&')) {
      response.end(JSON.stringify({ revision: 1, assignments: { snmp }, tasks: [] }))
    }
    // Another question for orders is held, as the real one does.
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
