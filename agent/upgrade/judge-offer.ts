// Whether an offered bundle may be taken. Pure: whoever speaks for the collector must hold its signing key, and even then
// an agent goes forward only.
import { createPublicKey, verify } from 'node:crypto'
import { type BundleManifest, bundlePath } from '../../protocol/upgrade.ts'
import type { UpgradeOffer } from '../../protocol/upgrade-call.ts'
import type { OwnBundle } from './own-bundle.ts'

export type Judgement = { kind: 'take'; manifest: BundleManifest; path: string } | { kind: 'refuse'; reason: string }

const LARGEST_BYTES = 200 * 1024 * 1024

/** `publicKey` is the raw Ed25519 key of the collector in base64, as the installer wrote it. */
export function judgeOffer(
  offer: NonNullable<UpgradeOffer['offer']>,
  { publicKey, own, failed }: { publicKey: string; own: OwnBundle; failed: number | null },
): Judgement {
  const refuse = (reason: string): Judgement => ({ kind: 'refuse', reason })
  if (!isSigned(offer, publicKey)) return refuse("it is not signed with the collector's key")
  const manifest = parseManifest(offer.manifest)
  if (manifest === undefined) return refuse('its manifest is not one')
  if (manifest.arch !== own.arch) return refuse(`it is for ${manifest.arch}, this is ${own.arch}`)
  if (manifest.sequence <= own.sequence) return refuse('it is not newer than this one')
  if (isLower(manifest.version, own.version)) return refuse(`it would be a step back to ${manifest.version}`)
  if (manifest.sequence === failed && !offer.again) return refuse('it was tried and did not deliver')
  if (manifest.bytes > LARGEST_BYTES) return refuse('it is larger than any bundle')
  // Where it lies is no part of what is signed, so it is not for the offer to say.
  return { kind: 'take', manifest, path: bundlePath(own.arch) }
}

function isSigned({ manifest, signature }: { manifest: string; signature: string }, publicKey: string): boolean {
  try {
    const x = Buffer.from(publicKey, 'base64').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, Buffer.from(manifest), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

function parseManifest(text: string): BundleManifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    if (!('version' in value && 'sequence' in value && 'arch' in value && 'bytes' in value && 'sha256' in value)) {
      return undefined
    }
    const { version, sequence, arch, bytes, sha256 } = value
    // The version becomes the name of a directory.
    if (typeof version !== 'string' || !/^\d+\.\d+\.\d+[0-9A-Za-z.-]{0,40}$/.test(version)) return undefined
    if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1) return undefined
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1) return undefined
    if (arch !== 'x64' && arch !== 'arm64') return undefined
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
    return { version, sequence, arch, bytes, sha256 }
  } catch {
    return undefined
  }
}

/** By the three numbers; what stands behind them does not make a version lower. */
function isLower(version: string, than: string): boolean {
  const numbers = (text: string) => (/^(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number)
  const [left, right] = [numbers(version), numbers(than)]
  const at = left.findIndex((number, index) => number !== right[index])
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0)
}
