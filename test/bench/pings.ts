// What a burst of pings costs: 10,000 jobs' words on the disk, beside a bare node:http server that answers the same requests
// and keeps nothing. The wall is asked all the while.
// npm run bench -- pings [--pings 10000] [--connections 200]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { call, startCollector } from '../support/collector.ts'
import { createConnection } from './ingest/connection.ts'

const { values: options } = parseArgs({
  options: {
    pings: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '200' },
    bare: { type: 'boolean', default: false },
  },
})
const PINGS = Number(options.pings)
/** As many as one job may call in a burst. */
const PER_JOB = 100
const SOCKETS = Number(options.connections)

if (options.bare) await bare()
else await compare()

async function bare(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('OK'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.send?.((server.address() as AddressInfo).port)
  process.once('disconnect', () => process.exit())
}

async function compare(): Promise<void> {
  console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${PINGS} pings over ${SOCKETS} connections`)
  const child = fork(process.argv[1] ?? '', ['--bare'], { execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]
  const collector = await startCollector()
  try {
    const { record } = await call(collector, 'createRegisterRecord', { body: { kind: 'dataset', title: 'Bench' } })
    const tokens: string[] = []
    for (let index = 0; index < Math.ceil(PINGS / PER_JOB); index++) {
      const schedule = { kind: 'period', periodMs: 86_400_000 } as const
      const body = { datasetId: record.id, name: `job-${index}`, place: 'agency', schedule } as const
      tokens.push((await call(collector, 'createPingJob', { body })).token)
    }
    const paths = Array.from({ length: PINGS }, (_, index) => `/ping/${tokens[index % tokens.length]}`)
    const bareMs = await burst(port, paths)
    let done = false
    const wall: number[] = []
    const watching = (async () => {
      while (!done) {
        const beganMs = performance.now()
        await call(collector, 'wall')
        wall.push(performance.now() - beganMs)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    })()
    const ownMs = await burst(collector.port, paths)
    done = true
    await watching
    const sorted = wall.sort((left, right) => left - right)
    console.log(`bare server     ${bareMs.toFixed(0)} ms`)
    console.log(
      `collector       ${ownMs.toFixed(0)} ms, all on the disk, ${(ownMs / bareMs).toFixed(1)} times the bare server`,
    )
    console.log(`wall meanwhile  ${wall.length} answers, median ${at(sorted, 0.5)} ms, slowest ${at(sorted, 1)} ms`)
  } finally {
    child.disconnect()
    await collector.stop()
    collector.cleanUp()
  }
}

/** By a client written by hand: one of node:http takes longer to ask than a server to answer. */
async function burst(port: number, paths: readonly string[]): Promise<number> {
  let next = 0
  const worker = async () => {
    const connection = createConnection(port)
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const { status } = await connection.send(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`, '')
      if (status !== 200) throw new Error(`a ping was not answered with 200, but with ${status}`)
    }
    connection.close()
  }
  const beganMs = performance.now()
  await Promise.all(Array.from({ length: SOCKETS }, worker))
  return performance.now() - beganMs
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)
}
