// The collector's own Ed25519 key (RFC 8032). An agent learns its public half when it is installed, over the pinned
// connection, and takes no upgrade that is not signed with it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type SigningKey = {
  /** Raw public key, base64 (44 characters). */
  publicKey: string
  /** Signature over the UTF-8 bytes of the text, base64. */
  sign(text: string): string
}

/** Reads signing-key.pem of `directory`, or makes it (0600). Errors: a damaged file. */
export function openSigningKey(directory: string): SigningKey {
  const path = join(directory, 'signing-key.pem')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!existsSync(path)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(`${path}.new`, pem, { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
  }
  const key = readKey(path)
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return {
    publicKey: Buffer.from(x ?? '', 'base64url').toString('base64'),
    sign: text => sign(null, Buffer.from(text), key).toString('base64'),
  }
}

function readKey(path: string) {
  try {
    return createPrivateKey(readFileSync(path))
  } catch {
    throw new Error(`${path} is not a readable PEM file: restore it, agents trust no other key`)
  }
}
