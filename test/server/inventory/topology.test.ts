import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTopology, cyclesOf, type Edge, rootCauses, sharedCauses } from '../../../server/inventory/topology.ts'

const edges = (...pairs: string[]): Edge[] =>
  pairs.map(pair => {
    const [childId = '', parentId = ''] = pair.split('>')
    return { childId, parentId }
  })
const split = (failing: string[], ...pairs: string[]) => rootCauses(new Set(failing), createTopology(edges(...pairs)))

describe('who hangs on whom', () => {
  it('the parent of 40 routers is the one root, and the 40 are unreachable', () => {
    const routers = Array.from({ length: 40 }, (_, index) => `router-${index}`)
    const found = split(['core', ...routers], ...routers.map(router => `${router}>core`))
    expect(found.roots).toEqual(['core'])
    expect(new Set(found.unreachable)).toEqual(new Set(routers))
  })

  it('a child with a second way that still stands failed by itself', () => {
    expect(split(['core', 'office'], 'office>core', 'office>backup')).toEqual({
      roots: ['core', 'office'],
      unreachable: [],
    })
    expect(split(['core', 'backup', 'office'], 'office>core', 'office>backup').unreachable).toEqual(['office'])
  })

  it('names a ring by its members, and even in a ring no failure is without a root', () => {
    expect(cyclesOf(edges('a>b', 'b>c', 'c>a', 'd>a'))).toEqual([['a', 'b', 'c']])
    expect(cyclesOf(edges('a>b', 'a>c', 'b>d', 'c>d'))).toEqual([])
    expect(split(['a', 'b'], 'a>b', 'b>a').roots.sort()).toEqual(['a', 'b'])
  })

  it('knows who is cut off when one fails: also who hangs on it by several ways, not who has another way', () => {
    const topology = createTopology(edges('a>core', 'b>core', 'c>a', 'c>b', 'd>a', 'd>other'))
    expect([...topology.cutOffBy('core')].sort()).toEqual(['a', 'b', 'c'])
    expect([...topology.cutOffBy('a')]).toEqual([])
  })

  it('every failing one is either a root or unreachable, and each unreachable one has only failing parents', () => {
    const id = fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f')
    const edge = fc.record({ childId: id, parentId: id }).filter(({ childId, parentId }) => childId !== parentId)
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), fc.uniqueArray(id), (graph, failing) => {
        const topology = createTopology(graph)
        const { roots, unreachable } = rootCauses(new Set(failing), topology)
        expect([...roots, ...unreachable].sort()).toEqual([...failing].sort())
        if (failing.length > 0) expect(roots.length).toBeGreaterThan(0)
        for (const one of unreachable) {
          expect(topology.parentsOf(one).length).toBeGreaterThan(0)
          expect(topology.parentsOf(one).every(parent => failing.includes(parent))).toBe(true)
        }
        if (cyclesOf(graph).length > 0) return
        for (const root of roots)
          expect(
            topology.parentsOf(root).some(parent => !failing.includes(parent)) || topology.parentsOf(root).length === 0,
          ).toBe(true)
      }),
    )
  })
})

it('what all that fail have in common is named; one that still answers acquits it', () => {
  const provider = { what: 'provider', id: 'isp' } as const
  const site = (id: string) => ({ what: 'site', id }) as const
  const subjects = [
    { id: 'link-1', traits: [provider, site('north')] },
    { id: 'link-2', traits: [provider, site('south')] },
    { id: 'router-3', traits: [site('south')] },
  ]
  expect(sharedCauses(['link-1', 'link-2'], subjects)).toEqual([{ ...provider, subjectIds: ['link-1', 'link-2'] }])
  expect(sharedCauses(['link-1'], subjects)).toEqual([])
  expect(sharedCauses(['link-2', 'router-3'], subjects)).toEqual([
    { ...site('south'), subjectIds: ['link-2', 'router-3'] },
  ])
})
