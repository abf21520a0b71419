import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EMPTY_WALL,
  isBehind,
  reduceWall,
  type WallMessage,
  type WallState,
} from '../../../dashboard/src/live/reducer.ts'
import type { WallPatch } from '../../../protocol/live.ts'
import type { WallView } from '../../../protocol/wall-views.ts'
import { anIncident, aTile, NOON } from '../support.ts'

const wallOf = (seq: number, ids: string[], epoch = 'one'): WallView => ({
  epoch,
  seq,
  at: NOON,
  servers: ids.map(id => aTile(id)),
  incidents: [],
})
const patchOf = (seq: number, changes: Partial<WallPatch> = {}): WallMessage => ({
  kind: 'patch',
  patch: { epoch: 'one', seq, at: NOON + seq, servers: [], removed: [], ...changes },
})
const tell = (messages: WallMessage[], from: WallState = EMPTY_WALL) => messages.reduce(reduceWall, from)

describe('the wall, one message after the other', () => {
  const started = tell([{ kind: 'snapshot', wall: wallOf(4, ['a', 'b']) }])

  test('is behind until the first snapshot, whatever patches come before it', () => {
    expect(isBehind(EMPTY_WALL)).toBe(true)
    expect(isBehind(tell([patchOf(3)]))).toBe(true)
    expect(isBehind(started)).toBe(false)
  })

  test('changes, adds and removes tiles, and leaves the others as the very same objects', () => {
    const busy = aTile('b', { cpuRatio: 0.9 })
    const next = tell([patchOf(5, { servers: [busy, aTile('c')], removed: ['a'] })], started)
    expect(next.wall?.servers.map(server => server.id)).toEqual(['b', 'c'])
    expect(next.wall?.servers[0]).toBe(busy)
    const later = tell([patchOf(6, { servers: [aTile('c', { cpuRatio: 0.1 })] })], next)
    expect(later.wall?.servers[0]).toBe(busy)
  })

  test('takes the incidents that came or changed and drops the settled ones, worst and newest first', () => {
    const numbersOf = (state: WallState) => state.wall?.incidents.map(incident => incident.number)
    const three = [anIncident(1), anIncident(2), anIncident(3, { severity: 'critical' })]
    const opened = tell([patchOf(5, { incidents: { changed: three, gone: [] } })], started)
    expect(numbersOf(opened)).toEqual([3, 2, 1])
    expect(tell([patchOf(6)], opened).wall?.incidents).toBe(opened.wall?.incidents)
    const worse = anIncident(1, { severity: 'critical' })
    const gone = [anIncident(2).id]
    const next = tell([patchOf(6, { incidents: { changed: [worse], gone } })], opened)
    expect(numbersOf(next)).toEqual([3, 1])
    expect(next.wall?.incidents[1]).toBe(worse)
  })

  test('a beat without changes keeps the list of servers as it was', () => {
    const next = tell([patchOf(5)], started)
    expect(next.wall?.seq).toBe(5)
    expect(next.wall?.servers).toBe(started.wall?.servers)
  })

  test('a patch over a hole changes nothing but tells that something is missing', () => {
    const next = tell([patchOf(6, { removed: ['a'] })], started)
    expect(next.wall).toBe(started.wall)
    expect(isBehind(next)).toBe(true)
  })

  test('a snapshot that is older than the hole does not pretend to have healed it', () => {
    const next = tell([patchOf(9), { kind: 'snapshot', wall: wallOf(7, ['a']) }], started)
    expect(next.wall?.seq).toBe(7)
    expect(isBehind(next)).toBe(true)
    expect(isBehind(tell([{ kind: 'snapshot', wall: wallOf(9, ['a']) }], next))).toBe(false)
  })

  test('a repeated patch and an overtaken snapshot do not wind the wall back', () => {
    const next = tell([patchOf(5, { removed: ['a'] })], started)
    expect(tell([patchOf(5, { servers: [aTile('a')] })], next)).toBe(next)
    expect(tell([{ kind: 'snapshot', wall: wallOf(4, ['a', 'b']) }], next)).toBe(next)
  })

  test('a patch of a restarted collector is not laid over the picture of the old one', () => {
    const next = tell([patchOf(5, { epoch: 'two' })], started)
    expect(next.wall).toBe(started.wall)
    expect(isBehind(next)).toBe(true)
    expect(isBehind(tell([{ kind: 'snapshot', wall: wallOf(5, ['z'], 'two') }], next))).toBe(false)
  })
})

/** What a collector does: its patches, and its true wall after each. */
type History = { walls: Map<string, WallView>; messages: WallMessage[]; last: WallView }
const keyOf = (epoch: string, seq: number) => `${epoch}/${seq}`
const bySort = (wall: WallView | null | undefined) =>
  wall && { ...wall, at: 0, servers: [...wall.servers].sort((a, b) => (a.id < b.id ? -1 : 1)) }

const serverIds = ['a', 'b', 'c', 'd', 'e']
const step = fc.record({
  changed: fc.uniqueArray(fc.constantFrom(...serverIds), { maxLength: 3 }),
  removed: fc.uniqueArray(fc.constantFrom(...serverIds), { maxLength: 2 }),
  load: fc.integer({ min: 0, max: 100 }),
  incidents: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  restart: fc.integer({ min: 0, max: 9 }).map(dice => dice === 0),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** The collector's side, kept apart from the reducer on purpose: a map of tiles and nothing clever. */
function live(steps: Step[]): History {
  const tiles = new Map(serverIds.slice(0, 2).map(id => [id, aTile(id)]))
  let incidents: WallView['incidents'] = []
  let epoch = 'epoch-0'
  let seq = 0
  const walls = new Map<string, WallView>()
  const messages: WallMessage[] = []
  const keep = (): WallView => {
    const wall = { epoch, seq, at: NOON, servers: [...tiles.values()], incidents }
    walls.set(keyOf(epoch, seq), wall)
    return wall
  }
  let last = keep()
  for (const [index, { changed, removed, load, incidents: count, restart }] of steps.entries()) {
    if (restart) {
      epoch = `epoch-${index + 1}`
      seq = 0
      last = keep()
    }
    seq += 1
    const gone = removed.filter(id => !changed.includes(id))
    const servers = changed.map(id => aTile(id, { cpuRatio: load / 100 }))
    for (const server of servers) tiles.set(server.id, server)
    for (const id of gone) tiles.delete(id)
    const settled = incidents.map(({ id }) => id).slice(0, Math.max(0, incidents.length - (count ?? incidents.length)))
    const came = Array.from({ length: count ?? 0 }, (_, index) => anIncident((count ?? 0) - 1 - index))
    if (count !== undefined) incidents = came
    const patch: WallPatch = { epoch, seq, at: NOON, servers, removed: gone }
    messages.push({
      kind: 'patch',
      patch: count === undefined ? patch : { ...patch, incidents: { changed: came, gone: settled } },
    })
    last = keep()
    if (index % 4 === 0) messages.push({ kind: 'snapshot', wall: last })
  }
  return { walls, messages, last }
}

/** A line that loses, repeats and reorders: each message is delivered so many times, at such places. */
const fates = fc.array(
  fc.record({ copies: fc.constantFrom(0, 1, 1, 1, 2), delay: fc.constantFrom(0, 0, 0, 1, 3, 8) }),
  { minLength: 60, maxLength: 60 },
)
function deliver(messages: WallMessage[], line: { copies: number; delay: number }[]): WallMessage[] {
  return messages
    .flatMap((message, index) => {
      const { copies, delay } = line[index % line.length] ?? { copies: 1, delay: 0 }
      return Array.from({ length: copies }, (_, copy) => ({ message, place: index + delay * (copy + 1) }))
    })
    .sort((a, b) => a.place - b.place)
    .map(({ message }) => message)
}

describe('the wall over a bad line', () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 40 })

  test('at each moment it is exactly what the collector showed at that number, never a mixture', () => {
    fc.assert(
      fc.property(steps, fates, (happened, line) => {
        const { walls, messages } = live(happened)
        let state = EMPTY_WALL
        for (const message of deliver(messages, line)) {
          state = reduceWall(state, message)
          if (state.wall === null) continue
          expect(bySort(state.wall)).toEqual(bySort(walls.get(keyOf(state.wall.epoch, state.wall.seq))))
        }
      }),
    )
  })

  test('after the next beat it knows whether it is behind, and one snapshot makes it the collector’s wall', () => {
    fc.assert(
      fc.property(steps, fates, (happened, line) => {
        const { messages, last } = live(happened)
        const { epoch, seq, at } = last
        const beat: WallMessage = { kind: 'patch', patch: { epoch, seq: seq + 1, at, servers: [], removed: [] } }
        const now = { ...last, seq: seq + 1 }
        const heard = reduceWall(deliver(messages, line).reduce(reduceWall, EMPTY_WALL), beat)
        const healed = isBehind(heard) ? reduceWall(heard, { kind: 'snapshot', wall: now }) : heard
        expect(isBehind(healed)).toBe(false)
        expect(bySort(healed.wall)).toEqual(bySort(now))
      }),
    )
  })
})
