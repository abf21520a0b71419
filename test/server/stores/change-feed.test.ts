import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Change, createChangeFeed } from '../../../server/stores/change-feed.ts'

const change = (number: number): Change => ({ kind: 'server', id: `server ${number}` })
const numbersOf = (changes: Change[]) =>
  changes.map(({ kind, ...rest }) => Number(JSON.stringify(rest).match(/\d+/)?.[0]))

describe('the change feed', () => {
  it('gives each reader what came since they last read, in order and once', () =>
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 30 }), bursts => {
        const feed = createChangeFeed()
        let appended = 0
        let seq = 0
        const read: number[] = []
        for (const burst of bursts) {
          for (let i = 0; i < burst; i += 1) feed.append(change(appended++))
          const news = feed.since(seq)
          expect(news.lost).toBe(false)
          read.push(...numbersOf(news.changes))
          seq = news.seq
        }
        expect(read).toEqual(Array.from({ length: appended }, (_, number) => number))
        expect(feed.since(seq)).toEqual({ changes: [], seq, lost: false })
      }),
    ))

  it('says so when a reader slept too long, and never gives a hole as if it were whole', () => {
    const feed = createChangeFeed()
    for (let number = 0; number < 25_000; number += 1) feed.append(change(number))
    const late = feed.since(0)
    expect(late.lost).toBe(true)
    expect(late.seq).toBe(25_000)
    for (const seq of [24_999, 24_000, 16_000]) {
      const news = feed.since(seq)
      expect(news.lost).toBe(false)
      expect(numbersOf(news.changes)).toEqual(Array.from({ length: 25_000 - seq }, (_, index) => seq + index))
    }
  })

  it('holds a bounded number of changes', () => {
    const feed = createChangeFeed()
    for (let number = 0; number < 100_000; number += 1) feed.append(change(number))
    expect(feed.since(0).changes.length).toBeLessThanOrEqual(20_000)
  })

  it('wakes whoever listens, until they stop', () => {
    const feed = createChangeFeed()
    const woken: string[] = []
    const stop = feed.onAppend(() => woken.push('left'))
    feed.onAppend(() => woken.push('right'))
    feed.append(change(1))
    stop()
    feed.append(change(2))
    expect(woken).toEqual(['left', 'right', 'right'])
  })
})
