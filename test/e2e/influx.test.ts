// A collector that keeps its samples in a real InfluxDB, which dies, while the collector is killed too.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { type Influxd, startInfluxd } from '../support/influxd.ts'
import { enrolTestAgent, gauge } from '../support/test-agent.ts'

let influxd: Influxd
let data = ''
let collector: TestCollector
beforeAll(async () => {
  influxd = await startInfluxd({ auth: true })
  data = mkdtempSync(join(tmpdir(), 'pantau-influx-'))
})
afterAll(async () => {
  await collector?.kill()
  await influxd?.remove()
  rmSync(data, { recursive: true })
})

it('shows the wall and loses nothing while InfluxDB is away, and catches up when it is back', async () => {
  const passwordFile = join(data, 'influx-password')
  writeFileSync(passwordFile, `${influxd.administrator?.password}\n`)
  const series = { kind: 'influx', url: influxd.url, username: influxd.administrator?.username, passwordFile }
  const settings = { series, nocAgent: { enabled: false } }
  collector = await startCollector({ data, settings })
  const agent = await enrolTestAgent(collector, { hostname: 'srv-01', intervalMs: 60_000 })
  const started = Date.now() - 70_000
  let delivered = 0
  const deliver = async () => {
    delivered += 1
    await agent.deliver([gauge('room_temperature', delivered, started + delivered * 1_000)])
  }
  const stored = async () => {
    const query = { subject: agent.deviceId, metric: 'room_temperature', from: started, to: started + 70_000 }
    const answer = await call(collector, 'range', { query: { ...query, stepMs: 1_000, aggregate: 'sum' } }).catch(
      () => null,
    )
    return answer?.series[0]?.points.flatMap(([, value]) => value ?? []) ?? []
  }
  const untilStored = () => untilTrue('all is stored', 90_000, async () => (await stored()).length >= delivered)
  for (let i = 0; i < 20; i += 1) await deliver()
  await untilStored()

  await influxd.kill()
  for (let i = 0; i < 20; i += 1) await deliver()
  await untilTrue('the wall has the newest value', 60_000, async () => {
    const { metrics } = await call(collector, 'server', { params: { id: agent.deviceId } })
    return metrics[0]?.newestAt === started + delivered * 1_000
  })
  const ready = async () => {
    const answer = await fetch(`${collector.url}/readyz`)
    return [answer.status, await answer.text()]
  }
  await expect.poll(ready).toEqual([503, expect.stringContaining('InfluxDB does not answer')])
  const range = {
    subject: agent.deviceId,
    metric: 'room_temperature',
    from: started,
    to: started + 1_000,
    stepMs: 1_000,
  }
  await expect(call(collector, 'range', { query: range })).rejects.toThrow(/503 .*"unavailable"/)

  await collector.kill()
  collector = await startCollector({ data, port: collector.port, settings, ready: '/healthz' })
  for (let i = 0; i < 20; i += 1) await deliver()
  await influxd.startAgain()
  await untilStored()
  expect(await stored()).toEqual(Array.from({ length: delivered }, (_, index) => index + 1))
  await expect.poll(async () => (await ready())[0]).toBe(200)
  expect(collector.output()).not.toContain(influxd.administrator?.password)
})
