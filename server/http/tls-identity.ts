// The collector's certificate: the city's own from two files, or one that the collector makes at its first start. The
// made one is renewed with the same key, so what agents pinned holds for ever.
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Logger } from '../platform/logs.ts'
import { selfSignedCertificate } from '../platform/self-signed-certificate.ts'

const DAY_MS = 86_400_000
const VALID_MS = 365 * DAY_MS
const RENEW_BEFORE_MS = 60 * DAY_MS
/** A machine whose clock is a little behind must not find the certificate too new. */
const BACKDATED_MS = DAY_MS

/** PEM texts, and the pin of the key: base64 of the SHA-256 of its SubjectPublicKeyInfo, as curl's --pinnedpubkey has it. */
export type TlsMaterial = { certificate: string; key: string; pin: string }

export type TlsIdentity = {
  current(): TlsMaterial
  /** Makes the certificate anew, or reads the files again, when that is due; tells who listens. */
  renewIfDue(): void
  /** Returns how to leave. */
  onRenewal(listener: (material: TlsMaterial) => void): () => void
}

/**
 * `files` are the city's own; null makes a certificate for `names` in `directory` (key 0600). Errors: files that can't be
 * read, are not PEM, or do not belong together.
 */
export function createTlsIdentity(deps: {
  files: { certificateFile: string; keyFile: string } | null
  directory: string
  names: readonly string[]
  now: () => number
  log: Logger
}): TlsIdentity {
  const { files, log } = deps
  const listeners = new Set<(material: TlsMaterial) => void>()
  const load = () => (files === null ? loadOrMake(deps) : readFiles(files))
  let material = load()

  return {
    current: () => material,
    renewIfDue() {
      try {
        const fresh = load()
        if (fresh.certificate === material.certificate && fresh.key === material.key) return
        if (fresh.pin !== material.pin) {
          log.error({ pin: fresh.pin }, 'The certificate has another key: agents that pinned the old one stay out')
        }
        material = fresh
        for (const listener of listeners) listener(fresh)
        log.info({ pin: fresh.pin }, 'The certificate was renewed')
      } catch (error) {
        log.error({ err: error }, 'The certificate could not be renewed, the old one stays in use')
      }
    },
    onRenewal(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function readFiles({ certificateFile, keyFile }: { certificateFile: string; keyFile: string }): TlsMaterial {
  const certificate = readFileSync(certificateFile, 'utf8')
  const key = readFileSync(keyFile, 'utf8')
  const parsed = parse(certificateFile, () => new X509Certificate(certificate))
  const privateKey = parse(keyFile, () => createPrivateKey(key))
  if (!parsed.checkPrivateKey(privateKey)) throw new Error(`${keyFile} is not the key of ${certificateFile}`)
  return { certificate, key, pin: pinOf(parsed) }
}

function parse<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch {
    // What the parser says may quote the key.
    throw new Error(`${path} is not a readable PEM file`)
  }
}

function loadOrMake(deps: { directory: string; names: readonly string[]; now: () => number }): TlsMaterial {
  const { directory, names } = deps
  const certificateFile = join(directory, 'certificate.pem')
  const keyFile = join(directory, 'key.pem')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const key = existsSync(keyFile) ? parse(keyFile, () => createPrivateKey(readFileSync(keyFile))) : makeKey(keyFile)
  const known = readCertificate(certificateFile)
  const at = deps.now()
  if (known === null || !isGood(known, { key, names, at })) {
    const from = at - BACKDATED_MS
    writeWhole(certificateFile, selfSignedCertificate({ key, names, from, until: from + VALID_MS }))
  }
  return readFiles({ certificateFile, keyFile })
}

function makeKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeWhole(path, String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  return privateKey
}

function readCertificate(path: string): X509Certificate | null {
  try {
    return new X509Certificate(readFileSync(path))
  } catch {
    return null
  }
}

/** Whether it is ours, speaks for all names and lasts for a while. */
function isGood(
  certificate: X509Certificate,
  { key, names, at }: { key: KeyObject; names: readonly string[]; at: number },
): boolean {
  const spoken = (certificate.subjectAltName ?? '').split(', ')
  const covered = names.every(name =>
    isIP(name) === 0 ? spoken.includes(`DNS:${name}`) : certificate.checkIP(name) !== undefined,
  )
  return (
    certificate.checkPrivateKey(key) &&
    covered &&
    certificate.validFromDate.getTime() <= at &&
    certificate.validToDate.getTime() - at > RENEW_BEFORE_MS
  )
}

function pinOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64')
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}
