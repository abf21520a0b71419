import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integer, oid, time } from '../../../server/platform/der.ts'
import { selfSignedCertificate } from '../../../server/platform/self-signed-certificate.ts'

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const certificateFor = (names: string[], from = Date.UTC(2026, 0, 1), until = Date.UTC(2027, 0, 1)) =>
  new X509Certificate(selfSignedCertificate({ key, names, from, until }))

describe('a certificate of our own', () => {
  it('is read by OpenSSL, signed by its own key, and is no authority', () => {
    const certificate = certificateFor(['noc.example.go.id'])
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(key)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.subject).toBe('CN=noc.example.go.id')
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  })

  it('speaks for host names and addresses of both families, and for nothing else', () => {
    const certificate = certificateFor(['noc.example.go.id', '10.1.2.3', '::1', '2001:db8::10:1', '::ffff:10.0.0.9'])
    expect(certificate.checkHost('noc.example.go.id')).toBe('noc.example.go.id')
    for (const address of ['10.1.2.3', '::1', '2001:db8::10:1', '::ffff:10.0.0.9']) {
      expect(certificate.checkIP(address), address).toBe(address)
    }
    expect(certificate.checkHost('other.example.go.id')).toBeUndefined()
    expect(certificate.checkIP('10.1.2.4')).toBeUndefined()
  })

  it('holds for any address and any time of this century', () => {
    const instant = fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2099, 0, 1) }).map(at => at - (at % 1000))
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6()),
        instant,
        fc.integer({ min: 1, max: 10_000 }),
        (address, from, days) => {
          const certificate = certificateFor([address], from, from + days * 86_400_000)
          expect(certificate.checkIP(address)).toBe(address)
          expect(certificate.validFromDate.getTime()).toBe(from)
          expect(certificate.validToDate.getTime()).toBe(from + days * 86_400_000)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has a serial number that is positive and different each time', () => {
    const serials = new Set(Array.from({ length: 20 }, () => certificateFor(['x']).serialNumber))
    expect(serials.size).toBe(20)
    for (const serial of serials) expect(serial).toMatch(/^01[0-9A-F]{30}$/)
  })
})

describe('the types of DER', () => {
  it.each([
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['1.3.6.1.4.1.311', '06072b060104018237'],
  ])('the identifier %s', (dotted, expected) => {
    expect(oid(dotted).toString('hex')).toBe(expected)
  })

  it('an integer is positive and as short as can be', () => {
    expect(integer(Buffer.from([0, 0, 5])).toString('hex')).toBe('020105')
    expect(integer(Buffer.from([0x80])).toString('hex')).toBe('02020080')
    expect(integer(Buffer.from([0])).toString('hex')).toBe('020100')
  })

  it('a time changes its form in 2050', () => {
    expect(
      time(Date.UTC(2049, 11, 31, 23, 59, 59))
        .subarray(2)
        .toString(),
    ).toBe('491231235959Z')
    expect(
      time(Date.UTC(2050, 0, 1))
        .subarray(2)
        .toString(),
    ).toBe('20500101000000Z')
  })
})
