import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkVendorProfile, checkVendorProfiles } from '../../../server/inventory/check-vendor-profiles.ts'
import { vendorSchema } from '../../support/device-cases.ts'

const problemsOf = (text: string) =>
  checkVendorProfile(text, 'contoh.yaml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('the vendor profiles', () => {
  it('are all sound', () => {
    const { profiles, problems } = checkVendorProfiles(
      fileURLToPath(new URL('../../../config/vendors', import.meta.url)),
    )
    expect(problems).toEqual([])
    expect(profiles.length).toBeGreaterThanOrEqual(19)
  })

  it('have a schema for editors that is the one they are checked by', () => {
    expect(readFileSync(new URL('../../../config/schema/vendor.json', import.meta.url), 'utf8')).toBe(vendorSchema())
  })
})

describe('a profile with mistakes', () => {
  it('has each of them named with its line', () => {
    const wrong = `id: contoh
title: Contoh
match:
  - { sysDescr: '[' }
identity:
  vendr: Contoh
figures:
  - { figure: cpu-ratio, oid: .1.3.6 }
  - { figure: speed, oid: 1.3.6.1.4.1.9.1.0 }
`
    expect(problemsOf(wrong)).toEqual([
      '4:7 match.0.sysDescr: must be a regular expression',
      '6:3 identity.vendr: unknown key',
      expect.stringMatching(/^8:26 figures\.0\.oid: must be an OID in numbers/),
      expect.stringMatching(/^9:7 figures\.1\.figure: /),
    ])
  })

  it('that asks rows of a single variable, or is in a file of another name, is not used', () => {
    const rows = `id: other
title: Contoh
identity: {}
figures:
  - { figure: temperature-celsius, oid: 1.3.6.1.4.1.9.1.0, names: 1.3.6.1.4.1.9.2 }
  - { figure: temperature-celsius, oid: 1.3.6.1.4.1.9.1 }
`
    expect(problemsOf(rows)).toEqual([
      expect.stringMatching(/^1:1 id: .* other\.yaml$/),
      expect.stringMatching(/^5:\d+ figures\.0\.names: is about rows/),
      expect.stringMatching(/^6:\d+ figures\.1\.oid: a single variable ends with \.0/),
    ])
  })
})
