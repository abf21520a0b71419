import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'

/** SHA-256 over the public key of a certificate (SubjectPublicKeyInfo, DER) in base64, as curl --pinnedpubkey has it. */
export type Pins = readonly string[]

const PIN = /^sha256\/\/([A-Za-z0-9+/]{43}=)$/

/** "sha256//BASE64", several apart by ";". Undefined when it is something else. */
export function parsePins(text: string): Pins | undefined {
  const pins = text.split(';').map(one => PIN.exec(one.trim())?.[1])
  return pins.every(pin => pin !== undefined) ? pins : undefined
}

/** Hands the connection on only when its key is a pinned one, rejects otherwise: before that, nothing of ours is sent. */
export function whenPinned(stream: Duplex, pins: Pins): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (!isEncrypted(stream)) return reject(new Error('the connection is not encrypted'))
    const judge = (): void => {
      stream.removeListener('error', reject)
      const key = stream.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' })
      const found = key === undefined ? 'nothing' : createHash('sha256').update(key).digest('base64')
      if (pins.includes(found)) {
        resolve(stream)
      } else {
        stream.destroy()
        reject(new Error(`the key of the collector is sha256//${found}, which is not the pinned one`))
      }
    }
    stream.once('error', reject)
    if (stream.secureConnecting) stream.once('secureConnect', judge)
    else judge()
  })
}

function isEncrypted(stream: Duplex): stream is TLSSocket & { secureConnecting?: boolean } {
  return 'encrypted' in stream
}
