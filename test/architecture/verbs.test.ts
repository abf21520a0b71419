import { describe, expect, it } from 'vitest'
import { CALLS } from '../../protocol/api.ts'
import { type CallName, PATHS } from '../../protocol/paths.ts'
import { planted, readTree, tell } from './tree.ts'
import { type ApiCall, verbViolations } from './verbs.ts'

const calls: ApiCall[] = (Object.keys(PATHS) as CallName[]).map(name => ({
  name,
  method: PATHS[name][0],
  access: CALLS[name].access,
}))

const few: ApiCall[] = [
  { name: 'wall', method: 'GET', access: 'read' },
  { name: 'acknowledge', method: 'POST', access: 'incidents:write' },
  { name: 'ingest', method: 'POST', access: 'agent' },
]
const sound = {
  'server/incidents/acknowledge.ts': `import { defineVerb } from '../access/verb.ts'
export const acknowledge = defineVerb({
  name: 'incident.acknowledge',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...shape }),
  run: async ({ tx }, input) => ({ at: tx.at, list: [1, 2] }),
  audit: (input, result) => ({ subject: input.id, detail: {} }),
})`,
  'server/http/routes/incidents.ts': `import { acknowledge } from '../../incidents/acknowledge.ts'
readRoute('wall', readWall)
verbRoute('acknowledge', acknowledge, request => request.body)
machineRoute('ingest', acceptBatch)
known.delete(id)`,
}
const judge = (changes: Record<string, (text: string) => string>) => {
  const files: Record<string, string> = { ...sound }
  for (const [path, change] of Object.entries(changes)) files[path] = change(files[path] ?? '')
  return tell(verbViolations(planted(files), few))
}
const VERB = 'server/incidents/acknowledge.ts'
const ROUTES = 'server/http/routes/incidents.ts'

describe('changes by a person', () => {
  it('all go through a verb with permission and audit', () =>
    expect(tell(verbViolations(readTree(), calls))).toEqual([]))

  it('pass when they do', () => expect(judge({})).toEqual([]))

  it.each([
    ['audit', `audit: (input, result) => ({ subject: input.id, detail: {} }),`, '', `a verb without audit`],
    [
      'audit',
      `audit: (input, result) => ({ subject: input.id, detail: {} }),`,
      'audit: undefined,',
      `a verb without audit`,
    ],
    ['permission', `permission: 'incidents:write',`, 'permission,', `a verb without a literal permission`],
    ['name', `name: 'incident.acknowledge',`, 'name: NAME,', `a verb without a literal name`],
  ])('are refused without %s', (_, written, instead, what) => {
    const violations = judge({ [VERB]: text => text.replace(written, instead) })
    expect(violations[0]).toBe(`${VERB}:2: ${what}`)
  })

  it('are refused when the verb is made from something written elsewhere', () => {
    expect(judge({ [VERB]: () => 'export const acknowledge = defineVerb(definition)' })[0]).toMatch(/written in place/)
  })

  it('are refused when two verbs have one name', () => {
    const twice = judge({ 'server/desk/close.ts': () => sound[VERB] })
    expect(twice).toEqual(['server/desk/close.ts:2: a second verb is called incident.acknowledge'])
  })

  it.each([
    ['router.post', `router.post('/x', handle)`, 'router.post() changes something without a verb'],
    ['app.delete', `app.delete('/x', handle)`, 'app.delete() changes something without a verb'],
    ['readRoute', `readRoute('acknowledge', x)`, 'readRoute answers acknowledge, which changes'],
    ['machineRoute', `machineRoute('acknowledge', x)`, 'machineRoute answers acknowledge, which people call'],
    ['an unknown call', `verbRoute('vanish', x)`, 'verbRoute of "vanish", which is not a call of protocol/paths.ts'],
  ])('are refused when a route uses %s', (_, route, what) => {
    expect(judge({ [ROUTES]: text => `${text}\n${route}` })).toContain(`${ROUTES}:6: ${what}`)
  })

  it('are refused when the handler is a plain function', () => {
    expect(judge({ [VERB]: () => 'export async function acknowledge() {}' })).toEqual([
      `${ROUTES}:3: acknowledge is answered by acknowledge, which is not a verb of ${VERB} (no defineVerb)`,
    ])
  })

  it('are refused when the verb asks for less than the API says', () => {
    expect(judge({ [VERB]: text => text.replace('incidents:write', 'read') })).toEqual([
      `${ROUTES}:3: acknowledge needs incidents:write by protocol/api.ts, its verb asks for read`,
    ])
  })

  it('are refused when a call has no route, or two', () => {
    const none = judge({ [ROUTES]: text => text.replace(/verbRoute.*/, '') })
    expect(none).toEqual(['protocol/paths.ts: acknowledge is answered by 0 routes'])
    const two = judge({ [ROUTES]: text => `${text}\nmachineRoute('ingest', again)` })
    expect(two).toEqual([`protocol/paths.ts: ingest is answered by 2 routes ${ROUTES}:4, ${ROUTES}:6`])
  })
})
