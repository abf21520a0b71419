// What belongs to a user at one engine, made once: localized keys as objects that node:crypto takes as they are. Given as
// bytes, Node looks at them anew in each message, which is five times as slow.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { loadNetSnmp, userOf } from './net-snmp-user.ts'
import type { V3Credential } from './session.ts'

/** Time of an engine, of which the initial vector of AES is made (RFC 3826, 3.1.2.1). */
export type EngineTime = { engineBoots: number; engineTime: number }

export type EngineKeys = {
  digestBytes: number
  /** Over all parts, as one message; cut to what stands in it. */
  digest(...parts: readonly Uint8Array[]): Buffer
  encrypt(content: Buffer, time: EngineTime): { hidden: Buffer; salt: Buffer }
  decrypt(hidden: Buffer, time: EngineTime, salt: Uint8Array): Buffer
}

const SALT_BYTES = 8
const BLOCK_BYTES = 16

/** Keys by engine; of so many engines, the one that came first is forgotten. Throws for a level that has no such keys. */
export async function createEngineKeys(
  credential: V3Credential,
  mostEngines: number,
): Promise<(engineId: Buffer) => EngineKeys> {
  const { Authentication, Encryption } = await loadNetSnmp()
  const user = userOf(await loadNetSnmp(), credential)
  const kept = new Map<string, EngineKeys>()

  const make = (engineId: Buffer): EngineKeys => {
    const nothing = (): never => {
      throw new Error('this user has no key for that')
    }
    if (!('authKey' in user)) return { digestBytes: 0, digest: nothing, encrypt: nothing, decrypt: nothing }
    const { CRYPTO_ALGORITHM: hash, AUTHENTICATION_CODE_LENGTH: digestBytes } =
      Authentication.algorithms[user.authProtocol] ?? nothing()
    const signing = createSecretKey(Authentication.passwordToKey(user.authProtocol, user.authKey, engineId))
    const signed = {
      digestBytes,
      digest(...parts: readonly Uint8Array[]) {
        const hmac = createHmac(hash, signing)
        for (const part of parts) hmac.update(part)
        return hmac.digest().subarray(0, digestBytes)
      },
    }
    if (!('privKey' in user)) return { ...signed, encrypt: nothing, decrypt: nothing }
    const privacy = Encryption.algorithms[user.privProtocol] ?? nothing()
    const key = createSecretKey(privacy.localizationAlgorithm(privacy, user.authProtocol, user.privKey, engineId))
    return { ...signed, ...ciphers(privacy.CRYPTO_ALGORITHM, key) }
  }

  return engineId => {
    const name = engineId.toString('latin1')
    const known = kept.get(name)
    if (known !== undefined) return known
    const made = make(engineId)
    const [oldest] = kept.keys()
    if (kept.size >= mostEngines && oldest !== undefined) kept.delete(oldest)
    kept.set(name, made)
    return made
  }
}

/** AES in its feedback mode of 128 bits, which fills no block up. The salt counts on from where nobody knows. */
function ciphers(algorithm: string, key: KeyObject): Pick<EngineKeys, 'encrypt' | 'decrypt'> {
  let lastSalt = randomBytes(SALT_BYTES).readBigUInt64BE()
  const vector = ({ engineBoots, engineTime }: EngineTime, salt: Uint8Array): Buffer => {
    const bytes = Buffer.allocUnsafe(BLOCK_BYTES)
    bytes.writeUInt32BE(engineBoots, 0)
    bytes.writeUInt32BE(engineTime, 4)
    bytes.set(salt, BLOCK_BYTES - SALT_BYTES)
    return bytes
  }
  return {
    encrypt(content, time) {
      lastSalt = BigInt.asUintN(64, lastSalt + 1n)
      const salt = Buffer.allocUnsafe(SALT_BYTES)
      salt.writeBigUInt64BE(lastSalt)
      return { hidden: createCipheriv(algorithm, key, vector(time, salt)).update(content), salt }
    },
    decrypt(hidden, time, salt) {
      if (salt.length !== SALT_BYTES) throw new Error('a salt of unknown length')
      return createDecipheriv(algorithm, key, vector(time, salt)).update(hidden)
    },
  }
}
