import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SEVERITIES } from '../../../protocol/vocabulary.ts'
import { route, SETTLED_BY_ITSELF, SETTLING_MS } from '../../../server/notify/route.ts'

const T = 1_790_000_000_000
const pager = { id: 'pager', enabled: true, minimumSeverity: 'critical' as const }
const list = { id: 'list', enabled: true, minimumSeverity: 'low' as const }
const silent = { id: 'silent', enabled: false, minimumSeverity: 'low' as const }
const opened = (severity: 'critical' | 'high') => ({ event: 'opened' as const, at: T, openedAt: T, severity })
const resolved = (after: number) => ({
  event: 'resolved' as const,
  at: T + after,
  openedAt: T,
  severity: 'high' as const,
})

describe('an incident opens', () => {
  test('a critical one reaches every enabled channel after the settling time', () => {
    expect(route(opened('critical'), [pager, list, silent], [])).toEqual({
      create: [
        { channelId: 'pager', state: 'pending', nextAt: T + SETTLING_MS, reason: null },
        { channelId: 'list', state: 'pending', nextAt: T + SETTLING_MS, reason: null },
      ],
      drop: [],
    })
  })

  test('a high one does not reach the channel that takes critical only', () => {
    expect(route(opened('high'), [pager, list], []).create.map(({ channelId }) => channelId)).toEqual(['list'])
  })
})

describe('an incident is resolved', () => {
  test('within the settling time: neither is told, and both say why', () => {
    const decision = route(
      resolved(SETTLING_MS - 1),
      [list],
      [{ id: 'd1', channelId: 'list', state: 'pending', attempts: 0 }],
    )
    expect(decision.drop).toEqual([{ deliveryId: 'd1', reason: SETTLED_BY_ITSELF }])
    expect(decision.create).toMatchObject([{ channelId: 'list', state: 'dropped', reason: SETTLED_BY_ITSELF }])
  })

  test('a notice that was tried may have gone out, so its end is told as well', () => {
    const decision = route(resolved(100), [list], [{ id: 'd1', channelId: 'list', state: 'pending', attempts: 1 }])
    expect(decision).toMatchObject({ drop: [], create: [{ channelId: 'list', state: 'pending' }] })
  })

  test('one that a full throttle held back for minutes is told all the same', () => {
    const decision = route(resolved(180_000), [list], [{ id: 'd1', channelId: 'list', state: 'pending', attempts: 0 }])
    expect(decision).toMatchObject({ drop: [], create: [{ channelId: 'list', state: 'pending' }] })
  })

  test('a channel that was made or switched on afterwards hears nothing', () => {
    expect(route(resolved(60_000), [list, pager], [])).toEqual({ create: [], drop: [] })
  })

  test('a channel whose notice failed, or that was switched off since, hears nothing', () => {
    const notices = [
      { id: 'd1', channelId: 'list', state: 'failed' as const, attempts: 9 },
      { id: 'd2', channelId: 'silent', state: 'sent' as const, attempts: 1 },
    ]
    expect(route(resolved(60_000), [list, silent], notices)).toEqual({ create: [], drop: [] })
  })
})

const channels = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-f]$/),
    enabled: fc.boolean(),
    minimumSeverity: fc.constantFrom(...SEVERITIES),
  }),
  { selector: channel => channel.id },
)
const notices = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    channelId: fc.stringMatching(/^[a-h]$/),
    state: fc.constantFrom('pending' as const, 'sent' as const, 'failed' as const, 'dropped' as const),
    attempts: fc.nat(3),
  }),
  { selector: notice => notice.channelId },
)

test('whatever stands there: one delivery a channel at most, never to a channel that is off or was not told', () => {
  fc.assert(
    fc.property(
      channels,
      notices,
      fc.constantFrom('opened' as const, 'resolved' as const),
      fc.nat(10_000),
      fc.constantFrom(...SEVERITIES),
      (present, before, event, after, severity) => {
        const decision = route({ event, at: T + after, openedAt: T, severity }, present, before)
        const ids = decision.create.map(({ channelId }) => channelId)
        expect(new Set(ids).size).toBe(ids.length)
        for (const id of ids) expect(present.find(channel => channel.id === id)?.enabled).toBe(true)
        if (event === 'opened') expect(decision.drop).toEqual([])
        else
          for (const id of ids) expect(['pending', 'sent']).toContain(before.find(one => one.channelId === id)?.state)
        for (const { deliveryId } of decision.drop)
          expect(before.find(one => one.id === deliveryId)).toMatchObject({ state: 'pending', attempts: 0 })
        expect(decision.drop.length).toBe(decision.create.filter(({ state }) => state === 'dropped').length)
      },
    ),
  )
})
