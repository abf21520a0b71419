import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BUILT_AGENT_FLAGS } from '../../server/platform/agent-program.ts'
import { buildAgent } from '../support/built-agent.ts'
import { eventually } from './support/eventually.ts'
import { ENROLLED } from './support/recording-collector.ts'
import { requireRoot } from './support/require-root.ts'
import { scratchDirectory } from './support/scratch.ts'

const OWN_PROGRAMS = [
  '/usr/bin/chronyc',
  '/usr/bin/timedatectl',
  '/usr/sbin/smartctl',
  '/usr/bin/apt-get',
  '/usr/bin/systemctl',
]
const ID = '01900000-0000-7000-8000-000000000001'
const json = (response: ServerResponse, value: unknown): void => void response.end(JSON.stringify(value))
const tasks = (...orders: unknown[]) => ({
  ...{ revision: 0, assignments: {} },
  tasks: orders.map(order => ({ id: ID, order })),
})
const ping = (changes: object) => ({ kind: 'ping', address: '127.0.0.1', count: 1, by: { method: 'icmp' }, ...changes })

/** What a collector that fell into wrong hands might answer to the question for orders. */
const evilOrders = (bait: string): ((response: ServerResponse) => void)[] => [
  response => json(response, tasks({ kind: 'exec', command: `touch ${bait}.made` })),
  response => json(response, tasks({ kind: 'read-file', path: bait })),
  response => json(response, tasks(ping({ address: `127.0.0.1; cat ${bait}` }))),
  response => json(response, tasks(ping({ address: `-f ${bait}` }))),
  response => json(response, tasks(ping({ count: 1_000_000 }))),
  response => json(response, tasks(ping({ by: { method: 'icmp', program: bait } }))),
  response => json(response, tasks({ kind: 'refresh-facts', child: bait })),
  response => json(response, { ...tasks(), assignments: { file: bait } }),
  response => json(response, { ...tasks(), assignments: { backups: [{ tool: 'files', path: bait, command: bait }] } }),
  response => json(response, tasks({ kind: 'restore-test', path: bait, scratch: bait })),
  response => json(response, { ...tasks(), __proto__: null, constructor: { name: bait } }),
  response => json(response, [tasks()]),
  response => response.writeHead(302, { location: `file://${bait}` }).end(),
  response => response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end(),
  response => response.end(`{"revision":0,"assignments":{},"tasks":[${'['.repeat(60_000)}`),
  response => response.end('x'.repeat(5_000_000)),
  response => response.end('{'),
  // And in the end a drip that never ends.
  response => void setInterval(() => response.write(' '), 50).unref(),
]

describe('a hostile collector', () => {
  it('makes an agent run nothing, open nothing, go nowhere, and does not keep it from measuring', async () => {
    requireRoot()
    const bait = join(scratchDirectory(), 'bait')
    writeFileSync(bait, 'secret-of-this-machine')
    const evils = evilOrders(bait)
    const received: string[] = []
    let hostile = false
    let asked = 0
    let good = true
    const server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', part => parts.push(part))
      request.on('end', () => {
        const body = Buffer.concat(parts).toString()
        if (request.url === '/api/v1/enrol') return json(response, ENROLLED)
        if (request.url?.startsWith('/api/v1/agent/')) {
          // A harmless answer in between, so that the agent does not take longer pauses each time.
          good = !good
          if (!hostile || good) return json(response, tasks())
          const evil = evils[asked] ?? evils.at(-1)
          asked += 1
          return evil?.(response)
        }
        received.push(body)
        const batch = JSON.parse(body)
        json(response, { acknowledged: batch.number, duplicate: false, receivedAt: Date.now(), run: bait })
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo

    const [home, data, trace] = [scratchDirectory(), scratchDirectory(), join(scratchDirectory(), 'trace')]
    const watched = ['-f', '-qq', '-o', trace, '-e', 'trace=execve,execveat,open,openat,openat2,connect']
    const agent = ['--collector', `http://127.0.0.1:${port}`, '--data', data, '--interval-ms', '500']
    const program = [process.execPath, ...BUILT_AGENT_FLAGS, buildAgent(home), ...agent]
    // Of the programs that sources ask by themselves none is there, so that whatever starts was asked for by the collector.
    const hide = OWN_PROGRAMS.map(path => `[ ! -e ${path} ] || mount --bind /dev/null ${path}`).join('; ')
    const child = spawn('unshare', ['-m', 'sh', '-c', `${hide}; exec "$@"`, 'sh', 'strace', ...watched, ...program], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH ?? '', PANTAU_AGENT_TOKEN: 'token' },
      detached: true,
    })
    onTestFinished(() => void (child.pid && process.kill(-child.pid, 'SIGKILL')))
    await eventually(
      'the facts, after which no child is due',
      () => received.some(body => body.includes('os.kernel')),
      60_000,
    )
    await sleep(1_000)
    const before = statSync(trace).size
    const batchesBefore = received.length
    hostile = true
    await eventually('every evil answer', () => asked >= evils.length, 120_000)
    const batchesThen = received.length
    await eventually('more batches beside the drip', () => received.length > batchesThen + 5)
    expect(batchesThen).toBeGreaterThan(batchesBefore + 5)

    const lines = readFileSync(trace).subarray(before).toString().split('\n')
    expect(lines.length).toBeGreaterThan(50)
    expect(lines.filter(line => line.includes('exec'))).toEqual([])
    expect(lines.filter(line => line.includes('bait'))).toEqual([])
    const opened = lines.flatMap(line => /open\w*\([^"]*"([^"]+)"/.exec(line)?.[1] ?? [])
    expect(opened.filter(path => !/^\/(proc|sys)(\/|$)|^\/run\/utmp$/.test(path) && !path.startsWith(data))).toEqual([])
    const ports = lines.flatMap(line => /connect\(.*sin6?_port=htons\((\d+)\)/.exec(line)?.[1] ?? [])
    expect(ports.filter(one => one !== String(port))).toEqual([])
    expect(received.join()).not.toContain('secret-of-this-machine')
  }, 180_000)
})
