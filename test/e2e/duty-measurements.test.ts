// What agents and probes tell reaches the duties by the real way in: a collector, its own agent that probes a site whose
// certificate nobody vouches for, and a machine that tells of a full line and of updates that wait.
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeCertificate } from '../agent/support/certificate.ts'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { enrolTestAgent, gauge } from '../support/test-agent.ts'

const WITHIN_MS = 60_000
const MINUTE_MS = 60_000
const PACK = 'blitar-2020-49'
let collector: TestCollector
let site: Server | undefined
beforeAll(async () => {
  collector = await startCollector()
  await call(collector, 'enableRegulation', { params: { pack: PACK }, body: { validFrom: '2021-01-01' } })
})
afterAll(async () => {
  site?.close()
  await collector?.stop()
  collector?.cleanUp()
})

/** Judged again whenever something is entered; the first duty of this measure. */
async function judged(measure: string, subjectId: string) {
  await call(collector, 'createRegisterRecord', { body: { kind: 'decision', title: 'x', fields: { topic: 'lain' } } })
  const { duties } = await call(collector, 'duties', { query: {} })
  for (const { id } of duties.filter(duty => duty.measure === measure)) {
    const { subjects } = await call(collector, 'duty', { params: { rule: id } })
    const found = subjects.find(({ subject }) => subject.id === subjectId)
    if (found !== undefined) return found
  }
  return undefined
}

it('a registered site is probed, and its certificate is judged', async () => {
  const { record } = await call(collector, 'createRegisterRecord', {
    body: { kind: 'service', title: 'Situs Dinsos', fields: { role: 'public', domain: 'dinsos.example.id' } },
  })
  await untilTrue('nobody looks at it yet', WITHIN_MS, async () => {
    return (await judged('cert_expiry', record.id))?.verdict === 'unmeasured'
  })
  const own = makeCertificate(40)
  const listening = createServer({ key: own.key, cert: own.cert }, (_request, response) =>
    response.end('selamat datang'),
  )
  site = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  const rhythm = { everyMs: 1_000, figuresEveryMs: 5_000, timeoutMs: 5_000, failures: 4, successes: 2 }
  await call(collector, 'createProbe', {
    body: {
      ...{ subjectId: record.id, name: 'tls', decides: 'state', ...rhythm, retryEveryMs: 500, agentIds: [] },
      check: { kind: 'tls', host: '127.0.0.1', port, serverName: null },
    },
  })
  const found = await untilTrue('the certificate is judged', WITHIN_MS, async () => {
    const one = await judged('cert_expiry', record.id)
    return one?.verdict === 'unmet' ? one : null
  })
  expect(found.why.en).toBe('The chain of the certificate does not hold.')
  expect(found.subject).toMatchObject({ kind: 'service', name: 'Situs Dinsos' })
  const incident = await untilTrue('somebody is told of it', WITHIN_MS, async () => {
    const { incidents } = await call(collector, 'incidents', { query: { state: 'active' } })
    return incidents.find(({ subject }) => subject.id === record.id)
  })
  expect(incident.subject).toMatchObject({ kind: 'service', name: 'Situs Dinsos' })
})

it('a line that is full is told by the counters of its router, against what was granted', async () => {
  const router = await enrolTestAgent(collector, { hostname: 'gerbang', intervalMs: 10_000 })
  const ends = { near: { siteId: null, deviceId: router.deviceId, interface: 'ether1' } }
  const link = await call(collector, 'createLink', {
    body: { name: 'Internet kota', peer: 'isp', committedBps: 10_000_000, ...ends },
  })
  const at = Date.now()
  const minutes = Array.from({ length: 10 }, (_, index) => at - (index + 1) * MINUTE_MS)
  await router.deliver(
    minutes.map((minute, index) =>
      // Nine minutes at 9.9 Mbit/s, and one at rest.
      gauge('node_network_receive_bytes_per_second', index === 3 ? 1_000 : 1_237_500, minute, { device: 'ether1' }),
    ),
  )
  const found = await untilTrue('the line is judged', WITHIN_MS, async () => {
    const one = await judged('bandwidth_utilisation', link.id)
    return one?.verdict === 'unmet' ? one : null
  })
  expect(found.value).toBeCloseTo(0.99, 5)
  expect(found.why.en).toBe('99.0 % of the allocation is used.')
})

it('security updates that wait too long are a miss, whatever else nobody looks at', async () => {
  const server = await enrolTestAgent(collector, { hostname: 'srv-lama', intervalMs: 10_000 })
  const at = Date.now()
  const DAY_MS = 24 * 60 * MINUTE_MS
  const waiting = (daysAgo: number, count: number) =>
    gauge('apt_upgrades_pending', count, at - daysAgo * DAY_MS, { origin: 'security' })
  // What is older than 30 days is not taken any more: 29 days ago nothing waited, and 28 days ago something did.
  await server.deliver([waiting(29, 0), waiting(28, 2), waiting(1, 3)])
  await untilTrue('it is seen', WITHIN_MS, async () => {
    const one = await judged('security_posture', server.deviceId)
    return one?.why.en.includes('Nothing measures yet: host-firewall')
  })
  const rule = `${PACK}-55-2-sistem-pengamanan`
  // The samples of 28 days ago may be stored a moment after the newest one was heard.
  await untilTrue('two weeks would be too short', WITHIN_MS, async () => {
    await judged('security_posture', server.deviceId)
    const query = { parameters: JSON.stringify({ maxPatchAgeDays: 14 }) }
    const { changed } = await call(collector, 'simulateDuty', { params: { rule }, query })
    return changed.some(
      ({ subject, from, to }) => subject.name === 'srv-lama' && from === 'unmeasured' && to === 'unmet',
    )
  })
})
