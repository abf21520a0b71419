// The certificate that the collector makes for itself (RFC 5280), signed with its own ECDSA key.
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { bits, der, explicit, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts'

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const SERVER_AUTH = oid('1.3.6.1.5.5.7.3.1')

/**
 * PEM of a certificate for `names` (host names and IP addresses; the first is also its common name), valid from `from`
 * until `until` (UTC ms). `key` is a private P-256 key.
 */
export function selfSignedCertificate(wanted: {
  key: KeyObject
  names: readonly string[]
  from: number
  until: number
}): string {
  const { key, names, from, until } = wanted
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8((names[0] ?? 'pantau').slice(0, 64)))))
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(from), time(until)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    explicit(
      3,
      sequence(
        extension('2.5.29.17', sequence(...names.map(alternativeName))),
        // digitalSignature alone: nothing else may be signed in our name.
        extension('2.5.29.15', bits(Buffer.from([0x80]), 7), 'critical'),
        extension('2.5.29.37', sequence(SERVER_AUTH)),
        extension('2.5.29.19', sequence(), 'critical'),
      ),
    ),
  )
  const base64 = sequence(content, ECDSA_WITH_SHA256, bits(sign('sha256', content, key))).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function extension(id: string, value: Uint8Array, kind?: 'critical'): Buffer {
  return sequence(oid(id), ...(kind === undefined ? [] : [yes()]), octets(value))
}

/** GeneralName: iPAddress [7] or dNSName [2]. */
function alternativeName(name: string): Buffer {
  const address = addressBytes(name)
  return address === null ? der(0x82, Buffer.from(name, 'ascii')) : der(0x87, address)
}

function addressBytes(name: string): Buffer | null {
  if (isIPv4(name)) return Buffer.from(name.split('.').map(Number))
  if (!isIPv6(name)) return null
  // The URL parser writes every IPv6 address in one form, the dotted ending included.
  const [head = '', tail] = new URL(`http://[${name}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)))
  const [left, right] = [groups(head), groups(tail ?? '')]
  const all = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
  return Buffer.from(all.flatMap(group => [group >> 8, group & 0xff]))
}
