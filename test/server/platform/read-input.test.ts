import { expect, it } from 'vitest'
import { z } from 'zod'
import { maintenanceTiming } from '../../../protocol/maintenance.ts'
import { readInput } from '../../../server/platform/read-input.ts'

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  code: z.string().min(3),
  port: z.int().min(1).max(65_535),
  to: z.array(z.email()).min(1),
  url: z.url(),
  on: z.iso.date(),
  kind: z.enum(['a', 'b']),
  slug: z.string().regex(/^[a-z]+$/, 'must be lower case letters'),
})
const GOOD = {
  name: 'x',
  code: 'abc',
  port: 1,
  to: ['a@b.id'],
  url: 'https://b.id',
  on: '2026-11-22',
  kind: 'a',
  slug: 'a',
}

it.each([
  [{ name: undefined }, 'name', 'missing', undefined],
  [{ name: '' }, 'name', 'missing', undefined],
  [{ name: 5 }, 'name', 'wrong-kind', undefined],
  [{ name: 'abcdef' }, 'name', 'too-long', 5],
  [{ code: 'ab' }, 'code', 'too-short', 3],
  [{ port: 0 }, 'port', 'too-small', 1],
  [{ port: 70_000 }, 'port', 'too-large', 65_535],
  [{ to: [] }, 'to', 'missing', undefined],
  [{ to: ['nobody'] }, 'to.0', 'not-an-email', undefined],
  [{ url: 'nowhere' }, 'url', 'not-a-url', undefined],
  [{ on: '22/11/2026' }, 'on', 'not-a-date', undefined],
  [{ kind: 'c' }, 'kind', 'not-allowed', 'a, b'],
  [{ slug: 'A' }, 'slug', 'wrong-form', undefined],
  [{ nmae: 'x' }, '', 'unknown-field', 'nmae'],
])('%j is wrong at %s: %s', (change, path, code, limit) => {
  const read = readInput(schema, { ...GOOD, ...change })
  expect(read).toEqual({
    issues: [{ path, message: expect.any(String), code, ...(limit === undefined ? {} : { limit }) }],
  })
})

it('takes what is right, and knows what begins after its end', () => {
  expect(readInput(schema, GOOD)).toEqual({ data: GOOD })
  const timing = readInput(maintenanceTiming, { kind: 'once', from: 2_000, to: 1_000 }, ['timing'])
  expect(timing).toMatchObject({ issues: [{ path: 'timing', code: 'too-early' }] })
})
