import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batch } from '../../../protocol/batch.ts'
import { isWellFormed } from '../../../server/ingest/well-formed.ts'
import { validBatch } from './support.ts'

/** What a hostile or broken program may put in any place: all that JSON can carry, close to what is allowed or far from it. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(0, -0, -1, 1, 0.5, 50, 1e308, 2 ** 53, 8_640_000_000_000_000, 8_640_000_000_000_001),
  fc.constantFrom<unknown>('', '1', '-12', '123456789012345678901', 'node_load1', 'x_total', 'gauge', 'delta'),
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    [[]],
    { mode: 'idle' },
    { mode: 1 },
    { '1st': 'x' },
    { mode: 'x'.repeat(1025) },
  ),
  fc.constantFrom<unknown>([[1, 2]], [[1, 2, 3]], [[1, '2']], [[1, 2, 0]], [[1, 2, 31 * 86_400_000 + 1]], [[1.5, 2]]),
  fc.integer(),
  fc.double(),
)

type Place = { parent: Record<string, unknown> | unknown[]; key: string }

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const parent = value as Place['parent']
  return Object.entries(value).flatMap(([key, inner]) => [{ parent, key }, ...placesOf(inner)])
}

/** A valid batch with something else in some places, with places missing, and with places too many. */
const nearlyValid = fc
  .array(
    fc.record({ place: fc.nat(), what: fc.constantFrom('put', 'remove', 'add'), value: anything, name: fc.string() }),
    { maxLength: 2 },
  )
  .map(changes => {
    const made: unknown = structuredClone(validBatch())
    for (const { place, what, value, name } of changes) {
      const places = placesOf(made)
      const chosen = places[place % places.length]
      if (chosen === undefined) continue
      const parent = chosen.parent as Record<string, unknown>
      if (what === 'put') parent[chosen.key] = structuredClone(value)
      else if (what === 'add' && !Array.isArray(parent)) parent[name] = structuredClone(value)
      else if (Array.isArray(parent)) parent.splice(Number(chosen.key), 1)
      else delete parent[chosen.key]
    }
    return JSON.parse(JSON.stringify(made)) as unknown
  })

describe('the quick look at a batch', () => {
  it('says yes where the contract says yes, and no where it says no', () => {
    let taken = 0
    let refused = 0
    fc.assert(
      fc.property(nearlyValid, value => {
        const parsed = batch.safeParse(value)
        expect(isWellFormed(value)).toBe(parsed.success)
        if (parsed.success) expect(value).toEqual(parsed.data)
        if (parsed.success) taken += 1
        else refused += 1
      }),
      { numRuns: 2_000 },
    )
    expect(taken).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(50)
  })

  it('leaves a label that is a trap to the slow parser, which names it', () => {
    const labels = JSON.parse('{"__proto__": "x"}') as Record<string, string>
    const series = [{ kind: 'gauge', metric: 'x', labels, points: [[1, 1]] }]
    expect(isWellFormed({ ...validBatch(), series })).toBe(false)
  })
})
