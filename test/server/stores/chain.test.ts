import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHAIN_START, canonicalJson, chainHash, findBrokenLink } from '../../../server/stores/chain.ts'

type Entry = { seq: number; previousHash: string; hash: string; content: unknown }

function chainOf(contents: unknown[]): Entry[] {
  let previousHash = CHAIN_START
  return contents.map((content, index) => {
    const hash = chainHash(previousHash, content)
    const entry = { seq: index + 1, previousHash, hash, content }
    previousHash = hash
    return entry
  })
}
const contents = (minLength: number) =>
  fc.uniqueArray(fc.record({ id: fc.integer(), text: fc.string() }), { minLength, maxLength: 12, selector: c => c.id })

describe('canonical JSON', () => {
  it('is the same for equal contents in any order of keys, and reads back as what it was', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), (value, seed) => {
        expect(canonicalJson(shuffled(value, seed))).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    ))

  it('orders keys by their UTF-16 units, at every depth (example of RFC 8785, 3.2.3)', () => {
    const value = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': { b: 1, a: 2 },
    }
    expect(Object.keys(JSON.parse(canonicalJson(value)))).toEqual([
      '1',
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ])
    expect(canonicalJson(value)).toContain('{"a":2,"b":1}')
  })

  it('leaves out what is undefined, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: null, c: [undefined, 1.5] })).toBe('{"b":null,"c":[null,1.5]}')
    expect(canonicalJson(undefined)).toBe('null')
  })
})

describe('a hash chain', () => {
  it('is SHA-256 over the hash before, a line feed and the content, so that anybody can check it', () => {
    const text = `${CHAIN_START}\n{"a":1,"b":"Depok"}`
    expect(chainHash(CHAIN_START, { b: 'Depok', a: 1 })).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('holds as it was made', () =>
    fc.assert(
      fc.asyncProperty(contents(0), async list => {
        expect(await findBrokenLink(chainOf(list))).toBeNull()
      }),
    ))

  it('shows any changed content at its place', () =>
    fc.assert(
      fc.asyncProperty(contents(1), fc.nat(), async (list, pick) => {
        const chain = chainOf(list)
        const index = pick % chain.length
        const changed = chain.map((entry, i) => (i === index ? { ...entry, content: { forged: true } } : entry))
        expect(await findBrokenLink(changed)).toEqual({ seq: index + 1, reason: 'changed' })
      }),
    ))

  it('shows any entry that was removed, but for the last', () =>
    fc.assert(
      fc.asyncProperty(contents(2), fc.nat(), async (list, pick) => {
        const chain = chainOf(list)
        const index = pick % (chain.length - 1)
        expect(await findBrokenLink(chain.toSpliced(index, 1))).toEqual({ seq: index + 1, reason: 'missing' })
        expect(await findBrokenLink(chain.slice(0, -1))).toBeNull()
      }),
    ))

  it('shows any two that changed places, renumbered or not', () =>
    fc.assert(
      fc.asyncProperty(contents(2), fc.nat(), fc.nat(), async (list, left, right) => {
        const chain = chainOf(list)
        const [a, b] = [left % chain.length, right % chain.length].sort((x, y) => x - y)
        fc.pre(a !== undefined && b !== undefined && a !== b)
        const swapped = chain.map((entry, i) => (i === a ? chain[b] : i === b ? chain[a] : entry) ?? entry)
        expect((await findBrokenLink(swapped))?.seq).toBe((a ?? 0) + 1)
        const renumbered = swapped.map((entry, index) => ({ ...entry, seq: index + 1 }))
        expect(await findBrokenLink(renumbered)).toEqual({ seq: (a ?? 0) + 1, reason: 'reordered' })
      }),
    ))
})

/** The same value with its keys in another order. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map(member => shuffled(member, seed))
  if (value === null || typeof value !== 'object') return value
  const pairs = Object.entries(value).map(([name, member]) => [name, shuffled(member, seed)] as const)
  const turn = pairs.length === 0 ? 0 : seed % pairs.length
  // `__proto__` as a key of an object literal is no key: defined as JSON.parse does.
  const turned: Record<string, unknown> = {}
  for (const [name, member] of [...pairs.slice(turn), ...pairs.slice(0, turn)].reverse())
    Object.defineProperty(turned, name, { value: member, enumerable: true, configurable: true, writable: true })
  return turned
}
