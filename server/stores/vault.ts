// Secrets at rest: AES-256-GCM under a key file beside the database, readable by the owner only.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type Vault = {
  /** Sealed text for `purpose` (bound as additional data, so a sealed text can't be moved to another record). */
  seal(plain: string, purpose: string): string
  /** Throws when the text was changed, belongs to another purpose or another key. */
  open(sealed: string, purpose: string): string
}

const KEY_BYTES = 32
const NONCE_BYTES = 12
/** Said aloud, because a text cut short would otherwise be checked against as little as 4 bytes of its tag. */
const TAG = { authTagLength: 16 }

export function openVault(deps: { directory: string }): Vault {
  const key = readOrCreateKey(join(deps.directory, 'vault.key'), deps.directory)
  return {
    seal(plain, purpose) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, TAG).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}`
    },
    open(sealed, purpose) {
      if (!sealed.startsWith('v1.')) throw new Error('sealed text has an unknown version')
      const bytes = Buffer.from(sealed.slice(3), 'base64')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, TAG).setAAD(Buffer.from(purpose))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG.authTagLength))
      const body = bytes.subarray(NONCE_BYTES + TAG.authTagLength)
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

/** Tells keys apart without telling them: 16 hex digits. Errors: there is no key file at `path`, or it is damaged. */
export function keyFingerprint(path: string): string {
  const key = readKey(path)
  if (key === null) throw new Error(`there is no key at ${path}`)
  return createHash('sha256').update('pantau vault key').update(key).digest('hex').slice(0, 16)
}

/** The key is written whole to a side file and linked into place: a crash leaves either no key or a complete one. */
function readOrCreateKey(path: string, directory: string): Buffer {
  const present = readKey(path)
  if (present !== null) return present
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const side = `${path}.${process.pid}.new`
  const file = openSync(side, 'w', 0o600)
  writeSync(file, randomBytes(KEY_BYTES))
  fsyncSync(file)
  closeSync(file)
  try {
    linkSync(side, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(side)
  }
  const made = readKey(path)
  if (made === null) throw new Error(`${path} vanished while it was made`)
  return made
}

function readKey(path: string): Buffer | null {
  let key: Buffer
  try {
    key = readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  if (key.length !== KEY_BYTES) throw new Error(`${path} is damaged: ${key.length} bytes instead of ${KEY_BYTES}`)
  return key
}
