// What a burst of pings costs: 10,000 jobs' words on the disk, beside a bare node:http server that answers the same requests
// and keeps nothing. The wall is asked all the while.
// npm run bench -- pings [--pings 10000]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { call, startCollector } from '../support/collector.ts'
import { type Answered, callAll } from '../support/ping-load.ts'

const asked = process.argv.indexOf('--pings')
const PINGS = asked < 0 ? 10_000 : Number(process.argv[asked + 1])
/** As many as one job may call in a burst. */
const PER_JOB = 100
const SOCKETS = 200

if (process.argv.includes('--bare')) await bare()
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
    const bareMs = await burst(paths.map(path => `http://127.0.0.1:${port}${path}`))
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
    const ownMs = await burst(paths.map(path => collector.url + path))
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

async function burst(urls: string[]): Promise<number> {
  const beganMs = performance.now()
  const answers = await callAll(urls, { sockets: SOCKETS })
  const tookMs = performance.now() - beganMs
  const refused = answers.filter(({ status }: Answered) => status !== 200)
  if (refused.length > 0) throw new Error(`${refused.length} were not answered with 200, e.g. ${refused[0]?.status}`)
  return tookMs
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)
}
