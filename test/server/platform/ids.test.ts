import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordId } from '../../../protocol/shapes.ts'
import { hashSecret, newId, newSecret, slugOf } from '../../../server/platform/ids.ts'

const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 })

describe('an id', () => {
  it('is a UUID of version 7 that carries the instant in which it was made', () =>
    fc.assert(
      fc.property(instant, now => {
        const id = newId(now)
        expect(recordId.safeParse(id).success).toBe(true)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now)
      }),
    ))

  it('sorts by that instant', () =>
    fc.assert(
      fc.property(instant, instant, (left, right) => {
        fc.pre(left < right)
        expect(newId(left) < newId(right)).toBe(true)
      }),
    ))

  it('is never made twice within an instant', () =>
    expect(new Set(Array.from({ length: 10_000 }, () => newId(1))).size).toBe(10_000))
})

describe('a secret', () => {
  it('tells what it is, has 256 random bits, and is kept as SHA-256', () => {
    const secret = newSecret('pantau_api')
    expect(secret).toMatch(/^pantau_api_[\w-]{43}$/)
    expect(Buffer.from(secret.slice('pantau_api_'.length), 'base64url')).toHaveLength(32)
    expect(newSecret('pantau_api')).not.toBe(secret)
    // FIPS 180-2, appendix B.1
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('a slug', () => {
  it.each([
    ['Pusat Data Balai Kota', 'pusat-data-balai-kota'],
    ['  db-01.depok.go.id  ', 'db-01-depok-go-id'],
    ['Café Kecamatan №7', 'cafe-kecamatan-no7'],
    ['服务器', 'x'],
    ['', 'x'],
  ])('of "%s" is %s', (name, slug) => expect(slugOf(name)).toBe(slug))

  it('is short, plain and stays as it is, whatever the name', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.stringMatching(/^[a-z. -]{50,80}$/)),
        name => {
          expect(slugOf(name)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
          expect(slugOf(name).length).toBeLessThanOrEqual(60)
          expect(slugOf(slugOf(name))).toBe(slugOf(name))
        },
      ),
    ))
})

it('ids of one instant sort in the order in which they were made', () => {
  for (const at of [Date.UTC(2026, 10, 22), 0, 1]) {
    const made = Array.from({ length: 2_000 }, () => newId(at))
    expect(made.toSorted()).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
  }
})
