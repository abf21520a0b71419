import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCloneWatch } from '../../../server/ingest/clone-watch.ts'

const [ONE, TWO] = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002']

function watch() {
  const { look, forget } = createCloneWatch()
  let at = 0
  return {
    forget,
    pass(ms: number) {
      at += ms
    },
    see: (number: number, options: { spool?: string; lane?: 'fresh' | 'catchup'; body?: string } = {}) =>
      look({
        ...{ agentId: 'agent', spool: options.spool ?? ONE, number, lane: options.lane ?? 'fresh', at },
        body: Buffer.from(options.body ?? `body of ${number}`),
      }),
  }
}

describe('the watch for copied machines', () => {
  it('believes one agent everything that one agent does', () => {
    // Fresh numbers only grow, in jumps after a start; older ones come beside them; any may come again as it was.
    const step = fc.constantFrom(
      'tick' as const,
      'again' as const,
      'catch-up' as const,
      'restart' as const,
      'new-spool' as const,
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const { see, pass } = watch()
        let spools = 0
        let [number, oldest] = [1, 1]
        for (const what of steps) {
          pass(1_000)
          const spool = `018f0000-0000-7000-8000-${String(spools).padStart(12, '0')}`
          if (what === 'tick') number += 1
          if (what === 'restart') number += 10_000
          if (what === 'new-spool') {
            spools += 1
            ;[number, oldest] = [1, 1]
            continue
          }
          const body = `${spool} ${what === 'catch-up' ? oldest : number}`
          if (what === 'catch-up') expect(see(oldest, { spool, lane: 'catchup', body })).toBeNull()
          else expect(see(number, { spool, body })).toBeNull()
          if (what === 'catch-up' && oldest < number) oldest += 1
        }
      }),
    )
  })

  it('sees one number with two contents', () => {
    const { see } = watch()
    expect(see(7, { body: 'of the first machine' })).toBeNull()
    expect(see(7, { body: 'of the first machine' })).toBeNull()
    expect(see(7, { body: 'of its copy' })).toContain('Batch 7 came twice')
  })

  it('sees two rows of numbers in turns, however far apart they are', () => {
    const { see, pass, forget } = watch()
    const say: (string | null)[] = []
    for (let tick = 0; tick < 3; tick += 1) {
      say.push(see(100 + tick), see(10_100 + tick))
      pass(10_000)
    }
    expect(say.filter(one => one !== null)[0]).toContain('Two rows of numbers')
    forget('agent')
    expect(see(104)).toBeNull()
  })

  it('sees two spools in turns, but not one that was made anew', () => {
    const { see, pass } = watch()
    expect(see(500)).toBeNull()
    expect(see(1, { spool: TWO })).toBeNull()
    expect(see(2, { spool: TWO })).toBeNull()
    pass(10_000)
    expect(see(501)).toBeNull()
    expect(see(3, { spool: TWO })).toContain('Two spools')
  })

  it('believes a machine that could not write its disk for a while, and delivers what waited there beside', () => {
    const { see, pass } = watch()
    expect(see(500)).toBeNull()
    // The disk is read-only at this start: a spool in memory, while what waited on the disk goes out too.
    for (const number of [501, 502, 503]) {
      expect(see(number, { spool: TWO })).toBeNull()
      expect(see(number - 30, { lane: 'catchup' })).toBeNull()
      pass(10_000)
    }
    // Started again, the disk is well, and the spool on it knows nothing of the other.
    expect(see(501)).toBeNull()
    expect(see(502)).toBeNull()
  })

  it('is not misled by one batch that was overtaken on the way', () => {
    const { see } = watch()
    for (const number of [1, 2, 4, 3, 5, 6, 8, 7]) expect(see(number)).toBeNull()
  })
})
