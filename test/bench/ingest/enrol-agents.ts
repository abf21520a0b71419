import { createHash, randomUUID } from 'node:crypto'
import { type Enrolled, enrolled } from '../../../protocol/batch.ts'
import { call, rawCall, type TestCollector } from '../../support/collector.ts'

const MOST_USES = 10_000
const AT_ONCE = 8

/** So many machines enrol as agents do, over HTTP and with a token. */
export async function enrolAgents(collector: TestCollector, count: number): Promise<Enrolled[]> {
  const found: Enrolled[] = []
  let next = 0
  let token = ''
  async function enrolOnes(): Promise<void> {
    for (let number = next++; number < count; number = next++) {
      const enrolment = {
        hostname: `server-${number}`,
        machineId: createHash('sha256').update(randomUUID()).digest('hex'),
        agentVersion: '0.1.0',
      }
      const answer = await rawCall(collector, 'enrol', { token, body: enrolment })
      if (!answer.ok) throw new Error(`enrol: ${answer.status} ${await answer.text()}`)
      found[number] = enrolled.parse(await answer.json())
    }
  }
  for (const target = count; next < target; ) {
    count = Math.min(target, next + MOST_USES)
    const made = await call(collector, 'createEnrolmentToken', {
      body: { label: 'bench', uses: count - next, validForS: 3_600 },
    })
    token = made.secret
    await Promise.all(Array.from({ length: AT_ONCE }, enrolOnes))
    next = count
  }
  return found
}
