import { describe, expect, test } from 'vitest'
import { settingsOf, textsOf } from '../../../dashboard/src/views/settings/channel-values.ts'
import type { ChannelKindView, ChannelView } from '../../../protocol/settings-views.ts'

const label = { id: 'x', en: 'x' }
const field = (name: string, type: ChannelKindView['fields'][number]['type'], more = {}) => ({
  name,
  label,
  help: null,
  type,
  required: true,
  default: null,
  ...more,
})
const kind: ChannelKindView = {
  kind: 'email',
  title: label,
  fields: [
    field('host', 'text'),
    field('port', 'number', { default: 587 }),
    field('password', 'secret', { required: false }),
    field('security', 'choice', {
      choices: [
        { value: 'starttls', label },
        { value: 'tls', label },
      ],
    }),
  ],
}
const channel: ChannelView = {
  id: 'c',
  name: 'mail',
  kind: 'email',
  settings: { host: 'smtp.example', port: 25, security: 'tls' },
  secretsSet: ['password'],
  minimumSeverity: 'high',
  enabled: true,
  lastDelivery: null,
}

describe('the form of a channel', () => {
  test('begins with defaults, or with what the channel has; a secret is always empty', () => {
    expect(textsOf(kind, null)).toEqual({ host: '', port: '587', password: '', security: 'starttls' })
    expect(textsOf(kind, channel)).toEqual({ host: 'smtp.example', port: '25', password: '', security: 'tls' })
  })

  test('sends numbers as numbers and leaves out a secret that was not typed, which keeps the present one', () => {
    expect(settingsOf(kind, textsOf(kind, channel))).toEqual({ host: 'smtp.example', port: 25, security: 'tls' })
    expect(settingsOf(kind, { host: ' a ', port: '1', password: 'geheim', security: 'tls' }).password).toBe('geheim')
  })

  test('sends a number that is none as it was typed, so that the complaint names its field', () => {
    expect(settingsOf(kind, { host: 'a', port: 'abc' })).toEqual({ host: 'a', port: 'abc' })
  })
})
