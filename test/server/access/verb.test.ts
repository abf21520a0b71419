import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Actor, ANONYMOUS, COLLECTOR } from '../../../server/access/actor.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../../../server/access/verb.ts'
import { MONDAY, openCity, problem, refusal } from './city.ts'

const note = defineVerb({
  name: 'test.note',
  permission: 'channels:write',
  input: z.strictObject({ value: z.string().min(1), fail: z.boolean().default(false) }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    await tx.insertInto('setting').values({ name: 'note', value: input.value }).execute()
    if (input.fail) throw new Error('failed after the change')
    return { at }
  },
  audit: input => ({ subject: 'note', detail: { value: input.value } }),
  committed: deps => deps.changes.append({ kind: 'server', id: 'note' }),
})
const operator: Actor = { kind: 'user', id: 'u1', permissions: ['read', 'channels:write'] }

describe('a verb', () => {
  it('changes, writes its audit entry and tells the feed', async () => {
    const city = await openCity()
    expect(await note.perform(city.deps, operator, { value: 'x' })).toEqual({ at: MONDAY })
    const entry = await city.records.selectFrom('audit').selectAll().executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ seq: 1, at: MONDAY, actor_id: 'u1', action: 'test.note', detail: '{"value":"x"}' })
    expect(city.changes.since(0).changes).toEqual([{ kind: 'server', id: 'note' }])
  })

  it.each([
    ['a stranger', ANONYMOUS, 'unauthenticated'],
    ['a person without the permission', { ...operator, permissions: ['read'] }, 'forbidden'],
    ['a token without the permission', { ...operator, kind: 'token', permissions: ['read'] }, 'forbidden'],
    ['the collector, which has verbs of its own', COLLECTOR, 'forbidden'],
  ] as [string, Actor, string][])('does nothing for %s', async (_who, actor, code) => {
    const city = await openCity()
    expect(await refusal(note.perform(city.deps, actor, { value: 'x' }))).toBe(code)
    expect(await city.records.selectFrom('setting').selectAll().execute()).toEqual([])
    expect(await city.auditActions()).toEqual([])
  })

  it('names each place of a bad input', async () => {
    const city = await openCity()
    const refused = await problem(note.perform(city.deps, operator, { value: '', fail: 'no', extra: 1 }))
    expect(refused.code).toBe('bad-request')
    expect(refused.issues.map(issue => issue.path)).toEqual(['value', 'fail', ''])
    expect((await problem(note.perform(city.deps, operator, undefined))).message).toMatch(/^body: /)
  })

  it('that fails half way has changed nothing, audited nothing and told nobody', async () => {
    const city = await openCity()
    await expect(note.perform(city.deps, operator, { value: 'x', fail: true })).rejects.toThrow(
      'failed after the change',
    )
    expect(await city.records.selectFrom('setting').selectAll().execute()).toEqual([])
    expect(await city.auditActions()).toEqual([])
    expect(city.changes.since(0).changes).toEqual([])
  })
})
