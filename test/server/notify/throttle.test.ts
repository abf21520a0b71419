import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SEVERITIES } from '../../../protocol/vocabulary.ts'
import { type DueNotice, planChannel, THROTTLE, type TriedMessage } from '../../../server/notify/throttle.ts'

const T = 1_790_000_000_000

/** Runs the plan over simulated time, each message being taken at once. */
function simulate(arrivals: { at: number; severity: DueNotice['severity'] }[], stepMs: number) {
  const tried: (TriedMessage & { deliveryIds: string[] })[] = []
  let waiting: DueNotice[] = []
  const coming = arrivals.map((arrival, index) => ({ ...arrival, id: `n${index}` })).sort((a, b) => a.at - b.at)
  let digests = 0
  for (let now = T; coming.length > 0 || waiting.length > 0; now += stepMs) {
    if (now > T + 6 * 3_600_000) throw new Error(`${waiting.length} notices still wait after six hours`)
    while (coming[0] !== undefined && coming[0].at <= now) {
      const next = coming.shift()
      if (next !== undefined) waiting.push({ id: next.id, severity: next.severity, dueAt: next.at, digestId: null })
    }
    const plan = planChannel(waiting, tried, now, () => `digest${digests++}`)
    for (const { digestId, deliveryIds } of plan.messages) {
      tried.push({ id: digestId ?? deliveryIds[0] ?? '', digest: digestId !== null, at: now, deliveryIds })
      waiting = waiting.filter(notice => !deliveryIds.includes(notice.id))
    }
    expect(plan.held).toBe(waiting.length)
    expect(plan.nextAt === null).toBe(waiting.length === 0)
    if (plan.nextAt !== null) expect(plan.nextAt).toBeGreaterThan(now)
  }
  return tried
}

test('a storm of 500 incidents in one second is twenty messages and three digests, and each is told once', () => {
  const tried = simulate(
    Array.from({ length: 500 }, (_, index) => ({ at: T + 2 * index, severity: 'high' as const })),
    1_000,
  )
  expect(tried.filter(message => !message.digest)).toHaveLength(20)
  expect(tried.filter(message => message.digest).map(message => message.deliveryIds.length)).toEqual([200, 200, 80])
  const told = tried.flatMap(message => message.deliveryIds)
  expect(told).toHaveLength(500)
  expect(new Set(told).size).toBe(500)
})

test('a quiet day is never throttled: each notice goes at once and alone', () => {
  const tried = simulate(
    Array.from({ length: 60 }, (_, index) => ({ at: T + index * 20_000, severity: 'low' as const })),
    1_000,
  )
  expect(tried.every(message => !message.digest)).toBe(true)
})

test('when places are few the worst take them', () => {
  const due = Array.from(
    { length: 30 },
    (_, index): DueNotice => ({
      id: `n${index}`,
      severity: index >= 25 ? 'critical' : 'low',
      dueAt: T,
      digestId: null,
    }),
  )
  const plan = planChannel(due, [], T, () => 'digest')
  expect(plan.messages).toHaveLength(20)
  expect(plan.messages.slice(0, 5).map(message => message.deliveryIds[0])).toEqual(['n25', 'n26', 'n27', 'n28', 'n29'])
  expect(plan.held).toBe(10)
  expect(plan.nextAt).toBe(T + THROTTLE.digestWaitMs)
})

test('a message that was tried keeps its place when it is tried again, however full the window is', () => {
  const tried = Array.from({ length: 20 }, (_, index) => ({ id: `n${index}`, digest: false, at: T - 10_000 }))
  const again: DueNotice = { id: 'n7', severity: 'low', dueAt: T, digestId: null }
  const fresh: DueNotice = { id: 'fresh', severity: 'critical', dueAt: T, digestId: null }
  const plan = planChannel([fresh, again], tried, T, () => 'digest')
  expect(plan.messages).toEqual([{ digestId: null, deliveryIds: ['n7'] }])
  expect(plan.held).toBe(1)
})

test('a digest that failed goes again as the same digest with the same notices', () => {
  const due = ['a', 'b', 'c'].map((id): DueNotice => ({ id, severity: 'high', dueAt: T, digestId: 'storm' }))
  const plan = planChannel(due, [{ id: 'storm', digest: true, at: T - 5_000 }], T, () => 'another')
  expect(plan.messages).toEqual([{ digestId: 'storm', deliveryIds: ['a', 'b', 'c'] }])
})

test('whatever comes, each notice is told exactly once, within the rate', () => {
  const arrival = fc.record({
    at: fc.integer({ min: T, max: T + 20 * 60_000 }),
    severity: fc.constantFrom(...SEVERITIES),
  })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 400 }), fc.constantFrom(1_000, 7_000, 20_000), (arrivals, stepMs) => {
      const tried = simulate(arrivals, stepMs)
      const told = tried.flatMap(message => message.deliveryIds)
      expect(told.length).toBe(arrivals.length)
      expect(new Set(told).size).toBe(arrivals.length)
      for (const message of tried) {
        const window = tried.filter(other => other.at <= message.at && other.at > message.at - THROTTLE.windowMs)
        expect(window.filter(other => !other.digest).length).toBeLessThanOrEqual(THROTTLE.singles)
      }
      const digests = tried.filter(message => message.digest)
      for (const [index, digest] of digests.entries()) {
        expect(digest.deliveryIds.length).toBeLessThanOrEqual(THROTTLE.digestNotices)
        const before = digests[index - 1]
        if (before !== undefined) expect(digest.at - before.at).toBeGreaterThanOrEqual(THROTTLE.digestEveryMs)
      }
    }),
    { numRuns: 40 },
  )
})
