import { describe, expect, it } from 'vitest'
import type { WireSeries } from '../../../protocol/batch.ts'
import { HOUR_MS, MINUTE_MS, openWatch } from './watch.ts'

const RULE = 'spool-drops'

const dropped = (at: number, recently: number, ever: number): WireSeries[] => [
  { kind: 'gauge', metric: 'pantau_agent_spool_recently_dropped_batches', points: [[at, recently]] },
  { kind: 'gauge', metric: 'pantau_agent_spool_dropped_batches', points: [[at, ever]] },
]

describe('an agent that had to drop what it measured', () => {
  it('opens an incident that says how much, until it has dropped nothing for a while', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const speak = (recently: number, ever: number) =>
      watch.speak(machine, { more: dropped(watch.clock.at + 1, recently, ever), at: watch.clock.at + 1 })
    await speak(0, 0)
    expect(watch.verdict(machine, RULE)).toBe('met')

    // Cut off for so long that the spool was full; the first word afterwards tells it.
    await watch.pass(10 * MINUTE_MS)
    await speak(40, 40)
    expect(watch.verdict(machine, RULE)).toBe('unmet')
    const ofRule = async () => (await watch.incidents()).filter(({ ruleId }) => ruleId === RULE)
    expect(await ofRule()).toMatchObject([
      { state: 'open', severity: 'high', value: 40, threshold: 0, unit: 'batches' },
    ])
    await watch.pass(20 * MINUTE_MS, () => speak(40, 40))
    expect(await ofRule()).toMatchObject([{ state: 'open' }])

    await watch.pass(MINUTE_MS, () => speak(0, 40))
    expect(watch.verdict(machine, RULE)).toBe('met')
    expect(await ofRule()).toMatchObject([{ state: 'resolved' }])
  })

  it('is not judged by an agent that tells nothing of it, and is unmeasured when it falls silent', async () => {
    const watch = await openWatch()
    const [older, newer] = [await watch.enrol('web-1'), await watch.enrol('web-2')]
    await watch.speak(older)
    await watch.speak(newer, { more: dropped(watch.clock.at, 0, 7) })
    expect(watch.verdict(older, RULE)).toBeNull()
    expect(watch.verdict(newer, RULE)).toBe('met')
    await watch.pass(HOUR_MS / 12)
    expect(watch.verdict(newer, RULE)).toBe('unmeasured')
  })
})
