// A machine that exists only on the wire: for tests that must know exactly what was measured, and when.
import { randomUUID } from 'node:crypto'
import type { Batch, WireSeries } from '../../protocol/batch.ts'
import { call } from './collector.ts'

export type TestAgent = {
  agentId: string
  deviceId: string
  /** Delivers one batch; answers when it was acknowledged, UTC ms. */
  deliver(series: WireSeries[], more?: Pick<Batch, 'backups'>): Promise<number>
}

export async function enrolTestAgent(
  collector: { url: string },
  options: { hostname: string; intervalMs: number },
): Promise<TestAgent> {
  const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: options.hostname } })
  const machineId = Buffer.from(options.hostname).toString('hex').padEnd(64, '0').slice(0, 64)
  const body = { hostname: options.hostname, machineId, agentVersion: 'test' }
  const { key, agentId, deviceId } = await call(collector, 'enrol', { body, token: secret })
  const spool = randomUUID()
  let number = 0
  return {
    ...{ agentId, deviceId },
    async deliver(series, more = {}) {
      number += 1
      const response = await fetch(`${collector.url}/api/v1/ingest`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'pantau-sent-at': String(Date.now()),
          'pantau-lane': 'fresh',
        },
        body: JSON.stringify({
          wire: 1,
          agentVersion: 'test',
          spool,
          number,
          intervalMs: options.intervalMs,
          series,
          ...more,
        }),
      })
      if (!response.ok) throw new Error(`ingest: ${response.status} ${await response.text()}`)
      return Date.now()
    },
  }
}

export function gauge(metric: string, value: number, at: number, labels: Record<string, string> = {}): WireSeries {
  return { kind: 'gauge', metric, labels, points: [[at, value]] }
}
