import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Vote } from '../../../server/availability/quorum.ts'
import { held, type Sighting, sightingsOf, type Word } from '../../../server/availability/sightings.ts'

const JOIN = 15
const PATIENCE = 30
const up = (...times: number[]): Word[] => times.map(at => ({ at, vote: 'up' }))
const down = (...times: number[]): Word[] => times.map(at => ({ at, vote: 'down' }))
const tell = (...batches: Word[][]) => batches.reduce<Sighting[]>((known, words) => sightingsOf(known, words, JOIN), [])

describe('what an observer says becomes pieces of time', () => {
  it('a vote lasts from its first word to the word that contradicts it', () => {
    expect(tell(up(0, 10, 20), down(23, 30), up(37, 40))).toEqual([
      { from: 0, to: 23, vote: 'up' },
      { from: 23, to: 37, vote: 'down' },
      { from: 37, to: 40, vote: 'up' },
    ])
  })

  it('a short gap is held over by who reads, a long one is a time that nobody saw', () => {
    const short = tell(up(0, 10, 40, 50))
    expect(short).toHaveLength(2)
    expect(held(short, PATIENCE, 50)).toEqual([{ from: 0, to: 50, vote: 'up' }])
    expect(held(tell(up(0, 10, 41, 50)), PATIENCE, 50)).toEqual([
      { from: 0, to: 10, vote: 'up' },
      { from: 41, to: 50, vote: 'up' },
    ])
  })

  it('the last word holds until now, as long as its evidence lasts', () => {
    expect(held(tell(up(0, 10)), PATIENCE, 40)).toEqual([{ from: 0, to: 40, vote: 'up' }])
    expect(held(tell(up(0, 10)), PATIENCE, 41)).toEqual([{ from: 0, to: 10, vote: 'up' }])
  })

  it('an outage in a batch that came late finds its place, although the words around it had come before', () => {
    const late = tell(up(0, 10, 20, 50, 60, 1_000), down(30), up(37, 40))
    expect(held(late, PATIENCE, 60)).toEqual([
      { from: 0, to: 30, vote: 'up' },
      { from: 30, to: 37, vote: 'down' },
      { from: 37, to: 60, vote: 'up' },
    ])
  })

  it('in whatever order the batches of a steady observer come, and however often, the outcome is that of all in order', () => {
    const truth = fc.array(
      fc.record({ lastsMs: fc.integer({ min: 1, max: 90 }), vote: fc.constantFrom<Vote>('up', 'down') }),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(truth, fc.array(fc.nat(), { maxLength: 60 }), (stretches, shuffle) => {
        // A word each 10 and one at each change; a batch is what was said between two ticks.
        const words: Word[] = []
        let at = 0
        for (const { lastsMs, vote } of stretches) {
          words.push({ at, vote })
          for (let tick = Math.floor(at / 10 + 1) * 10; tick < at + lastsMs; tick += 10) words.push({ at: tick, vote })
          at += lastsMs
        }
        const batches = [...Map.groupBy(words, word => Math.floor(word.at / 10)).values()]
        const mixed = batches
          .map((batch, index) => ({ batch, place: shuffle[index] ?? 0 }))
          .sort((left, right) => left.place - right.place)
          .map(({ batch }) => batch)
        const inOrder = tell(words)
        const state = (pieces: Sighting[]) => held(pieces, PATIENCE, at)
        expect(state(tell(...mixed))).toEqual(state(inOrder))
        expect(state(tell(...mixed, ...batches))).toEqual(state(inOrder))
      }),
    )
  })
})
