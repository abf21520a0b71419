import { expect, it } from 'vitest'
import { createLogger } from '../../../server/platform/logs.ts'

/** What a line says, as text and as data. */
function logged(write: (log: ReturnType<typeof createLogger>) => void, level = 'info') {
  const lines: string[] = []
  write(createLogger({ level, destination: { write: line => void lines.push(line) } }))
  return { text: lines.join(''), lines: lines.map(line => JSON.parse(line) as Record<string, unknown>) }
}

const SECRET = 'correct-horse-battery-staple'

it('writes one JSON line with level, time and the constant sentence', () => {
  const { lines } = logged(log => log.info({ server: 'web-1', value: 0.5 }, 'Verdict changed'))
  expect(lines).toEqual([
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      server: 'web-1',
      value: 0.5,
      msg: 'Verdict changed',
    },
  ])
})

it('keeps to its level', () => {
  expect(logged(log => log.info('quiet'), 'warn').text).toBe('')
})

it.each([
  ['password', { password: SECRET }],
  ['key', { key: SECRET }],
  ['cookie', { cookie: SECRET }],
  ['authorization', { authorization: SECRET }],
  ['adminToken', { adminToken: SECRET }],
  ['tokenSecret', { request: { tokenSecret: SECRET } }],
  ['headers', { request: { headers: { authorization: SECRET, 'set-cookie': [SECRET], cookieHeader: SECRET } } }],
  ['settings', { channel: { settings: [{ smtp: { user: 'noc', password: SECRET } }] } }],
  ['a list of secrets', { secrets: [SECRET, SECRET] }],
  ['an error that carries one', { err: Object.assign(new Error('refused'), { config: { password: SECRET } }) }],
  ['an error deep inside', { outcome: { error: Object.assign(new Error('refused'), { token: SECRET }) } }],
  [
    'an error because of another one',
    { err: new Error('outer', { cause: Object.assign(new Error('inner'), { options: { secret: SECRET } }) }) },
  ],
])('a secret never reaches the log: %s', (_, fields) => {
  const { text } = logged(log => log.error(fields, 'Something failed'))
  expect(text).toContain('Something failed')
  expect(text).not.toContain(SECRET)
})

it('what only sounds like a secret stays', () => {
  const fields = { tokenId: 'id-1', keyHash: 'abc', revokedKeysCount: 3, password: null, at: new Date(0) }
  expect(logged(log => log.info(fields, 'x')).lines[0]).toMatchObject({
    ...fields,
    at: '1970-01-01T00:00:00.000Z',
  })
})

it('an error keeps what people need of it', () => {
  const { lines } = logged(log => log.error({ err: new TypeError('it broke') }, 'A tick failed'))
  expect(lines[0]).toMatchObject({
    err: { type: 'TypeError', message: 'it broke', stack: expect.stringContaining('logs.test.ts') },
  })
})

it('an error is told whole under any name, also without fields around it', () => {
  const { lines } = logged(log => {
    log.error({ reason: new RangeError('too far') }, 'x')
    log.error(Object.assign(new Error('bare'), { token: SECRET }), 'y')
  })
  expect(lines[0]).toMatchObject({ reason: { type: 'RangeError', message: 'too far' } })
  expect(lines[1]).toMatchObject({ err: { message: 'bare', token: '[secret]' }, msg: 'y' })
})

it('something that holds itself does not hang it', () => {
  const round: Record<string, unknown> = { name: 'ring' }
  round.self = round
  expect(logged(log => log.info({ round }, 'Round')).lines[0]).toMatchObject({ round: { name: 'ring' }, msg: 'Round' })
})
