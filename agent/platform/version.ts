import { readFileSync } from 'node:fs'

/** Written into the bundle when it is built; a run from source has none. */
declare const PANTAU_VERSION: string | undefined

/** Version of the package this file belongs to; "0.0.0" when its package.json is out of reach. */
export function readVersion(): string {
  if (typeof PANTAU_VERSION === 'string') return PANTAU_VERSION
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
  } catch {
    // Without its package.json it still has to run and to say something.
  }
  return '0.0.0'
}
