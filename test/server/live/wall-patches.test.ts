import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_WALL, isBehind, reduceWall, type WallState } from '../../../dashboard/src/live/reducer.ts'
import { byUrgency } from '../../../protocol/incident-order.ts'
import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import type { WallPatch } from '../../../protocol/live.ts'
import type { ServerTile } from '../../../protocol/wall-views.ts'
import { createWallPatches } from '../../../server/live/wall-patches.ts'

function tile(id: string, cpuRatio: number | null): ServerTile {
  return {
    ...{ id, slug: id, name: id, kind: 'server', state: 'up', stateSince: 0, lastSampleAt: 0, intervalMs: 10_000 },
    ...{ cpuRatio, isPolled: false, isReached: false, inMaintenance: false, simulated: false, ports: null },
    ...{ memoryRatio: null, fullestFilesystem: null, openIncidents: 0, acknowledgedIncidents: 0, worstSeverity: null },
  }
}

function incident(number: number): IncidentSummary {
  return {
    ...{ id: `incident-${number}`, number, state: 'open', severity: 'high', kind: 'fault', ruleId: 'r', part: '' },
    ...{ title: { id: 'x', en: 'x' }, subject: { id: 'a', name: 'a' }, openedAt: 0, acknowledgedAt: null },
    ...{ acknowledgedBy: null, resolvedAt: null, value: null, threshold: null, unit: 'ratio' },
  }
}

/** A wall that the story paints. */
function painted() {
  const servers = new Map<string, number | null>()
  const wall = {
    servers,
    incidents: [] as number[],
    tiles: () => [...servers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, cpuRatio]) => tile(id, cpuRatio)),
  }
  const patches = createWallPatches({
    epoch: 'epoch-1',
    wall: {
      tiles: wall.tiles,
      tile: id => (servers.has(id) ? tile(id, servers.get(id) ?? null) : null),
      incidents: () => wall.incidents.map(incident).sort(byUrgency),
    },
  })
  return { wall, patches }
}

describe('what pages are told of the wall', () => {
  it('is nothing while nothing changes', () => {
    const { wall, patches } = painted()
    expect(patches.next(1)).toBeNull()
    wall.servers.set('a', 0.5)
    expect(patches.next(2)).toEqual({ epoch: 'epoch-1', seq: 1, at: 2, servers: [tile('a', 0.5)], removed: [] })
    expect(patches.next(3)).toBeNull()
  })

  it('is only what changed: the tile, the one that went, the incident that came, the one that was settled', () => {
    const { wall, patches } = painted()
    wall.servers.set('a', 0.1).set('b', 0.2)
    wall.incidents = [1]
    expect(patches.next(1)).toMatchObject({
      servers: [{ id: 'a' }, { id: 'b' }],
      incidents: { changed: [{ number: 1 }], gone: [] },
    })
    wall.servers.set('b', 0.3)
    expect(patches.next(2)).toEqual({ epoch: 'epoch-1', seq: 2, at: 2, servers: [tile('b', 0.3)], removed: [] })
    wall.servers.delete('a')
    wall.incidents = [2]
    expect(patches.next(3)).toEqual({
      ...{ epoch: 'epoch-1', seq: 3, at: 3 },
      servers: [],
      removed: ['a'],
      incidents: { changed: [incident(2)], gone: ['incident-1'] },
    })
  })

  it('a snapshot is what was told last, not what will be told next', () => {
    const { wall, patches } = painted()
    wall.servers.set('a', 0.1)
    patches.next(1)
    wall.servers.set('a', 0.9)
    expect(patches.snapshot(2)).toMatchObject({ epoch: 'epoch-1', seq: 1, servers: [{ cpuRatio: 0.1 }] })
    expect(patches.next(3)).toMatchObject({ seq: 2, servers: [{ cpuRatio: 0.9 }] })
  })

  it('what was postponed while nobody looked is in the snapshot of who comes, and is told once', () => {
    const { wall, patches } = painted()
    wall.servers.set('a', 0.1).set('b', 0.2)
    patches.next(1)
    wall.servers.set('a', 0.9).set('b', 0.8)
    patches.postpone(['a'])
    expect(patches.snapshot(2)).toMatchObject({ seq: 2, servers: [{ cpuRatio: 0.9 }, { cpuRatio: 0.2 }] })
    expect(patches.next(3, ['a', 'b'])).toMatchObject({ seq: 3, servers: [{ id: 'b', cpuRatio: 0.8 }] })
  })

  it('a beat has a number of its own and changes nothing', () => {
    const { wall, patches } = painted()
    wall.servers.set('a', 0.1)
    patches.next(1)
    expect(patches.beat(2)).toEqual({ epoch: 'epoch-1', seq: 2, at: 2, servers: [], removed: [] })
    expect(patches.snapshot(3)).toMatchObject({ seq: 2, servers: [{ id: 'a' }] })
    expect(patches.next(4)).toBeNull()
  })
})

describe('a page that applies what it is told', () => {
  type Move =
    | { kind: 'paint'; id: string; cpuRatio: number | null }
    | { kind: 'remove'; id: string }
    | { kind: 'incidents'; numbers: number[] }
    | { kind: 'look'; at: 'touched' | 'all' }
    | { kind: 'beat' }
    | { kind: 'join' }
  const id = fc.constantFrom('a', 'b', 'c', 'd')
  const move: fc.Arbitrary<Move> = fc.oneof(
    fc.record({ kind: fc.constant('paint' as const), id, cpuRatio: fc.constantFrom(0, 0.5, 1, null) }),
    fc.record({ kind: fc.constant('remove' as const), id }),
    fc.record({ kind: fc.constant('incidents' as const), numbers: fc.uniqueArray(fc.nat(4), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('look' as const), at: fc.constantFrom('touched' as const, 'all' as const) }),
    fc.record({ kind: fc.constant('beat' as const) }),
    fc.record({ kind: fc.constant('join' as const) }),
  )

  it('has the wall as it is after each look, whenever it joined, and the numbers have no holes', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), moves => {
        const { wall, patches } = painted()
        const pages: WallState[] = []
        const told: WallPatch[] = []
        const touched = new Set<string>()
        const tell = (patch: WallPatch | null) => {
          if (patch === null) return
          told.push(patch)
          for (const [index, page] of pages.entries()) pages[index] = reduceWall(page, { kind: 'patch', patch })
        }
        for (const [at, one] of [...moves, { kind: 'look' as const, at: 'touched' as const }].entries()) {
          if (one.kind === 'paint' || one.kind === 'remove') touched.add(one.id)
          if (one.kind === 'paint') wall.servers.set(one.id, one.cpuRatio)
          if (one.kind === 'remove') wall.servers.delete(one.id)
          if (one.kind === 'incidents') wall.incidents = one.numbers
          if (one.kind === 'beat') tell(patches.beat(at))
          if (one.kind === 'join') pages.push(reduceWall(EMPTY_WALL, { kind: 'snapshot', wall: patches.snapshot(at) }))
          if (one.kind === 'look') {
            tell(patches.next(at, one.at === 'all' ? undefined : touched))
            touched.clear()
            for (const page of pages) {
              expect(isBehind(page)).toBe(false)
              // Pages put the tiles in their own order.
              expect(page.wall?.servers.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(wall.tiles())
              expect(page.wall?.incidents).toEqual(wall.incidents.map(incident).sort(byUrgency))
            }
          }
        }
        expect(told.map(patch => patch.seq)).toEqual(told.map((_, index) => index + 1))
      }),
    )
  })
})
