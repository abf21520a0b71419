// Names that packs use are said in words on every page, in both languages.
import { expect, it } from 'vitest'
import { factName, measureName, parameterName, roleName } from '../../../dashboard/src/format/names.ts'
import { addressOfSite, probesOfSite } from '../../../dashboard/src/views/registers/site-probes.ts'
import { SUBJECT_ROLES } from '../../../protocol/duty-words.ts'
import { probeBody } from '../../../protocol/probes.ts'
import { CATALOGUE } from '../../../server/rules/measures/catalogue.ts'
import { MEASURES } from '../../../server/rules/measures/registry.ts'
import { DECISION_PARAMETERS } from '../../../server/rules/verdict.ts'

const LANGUAGES = ['id', 'en'] as const

it('every parameter, measure and role has a name in both languages', () => {
  const parameters = [
    ...Object.values(CATALOGUE).flatMap(({ needs, may }) => [...Object.keys(needs), ...Object.keys(may)]),
    ...Object.values(MEASURES).flatMap(measure => measure.parameters),
    ...DECISION_PARAMETERS,
  ]
  const measures = [...Object.keys(CATALOGUE), ...Object.keys(MEASURES)]
  const roles = Object.values(SUBJECT_ROLES).flat()
  for (const language of LANGUAGES) {
    expect(parameters.filter(name => parameterName(name, language) === name)).toEqual([])
    expect(measures.filter(name => measureName(name, language) === name)).toEqual([])
    // Some are words of the language as they are.
    expect(roles.filter(name => name.includes('-') && roleName(name, language) === name)).toEqual([])
  }
})

it('a fact says what it is of; one that nobody knows stays as it is', () => {
  expect(factName('os.distro', 'id')).toBe('Sistem operasi')
  expect(factName('net.eth0.10.mac', 'en')).toBe('MAC of eth0.10')
  expect(factName('probe.web.failure', 'en')).toBe('Probe web: why it failed')
  expect(factName('vendor.odd', 'id')).toBe('vendor.odd')
})

it('a registered site is asked at the address on record, by probes that the collector takes', () => {
  const record = (fields: Record<string, string>) => ({ fields })
  expect(addressOfSite(record({ domain: 'Dinsos.Example.ID', path: 'layanan' }))).toBe(
    'https://dinsos.example.id/layanan',
  )
  expect(addressOfSite(record({ domain: ' ' }))).toBeNull()
  const bodies = probesOfSite('01938f6e-0000-7000-8000-000000000001', 'https://dinsos.example.id/')
  expect(bodies.map(body => probeBody.safeParse(body).success)).toEqual([true, true])
})
