import { readFileSync } from 'node:fs'

/** Version of the package this file belongs to; "0.0.0" when its package.json is out of reach. */
export function readVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
  } catch {
    // A bundle without its package.json still has to run and to say something.
  }
  return '0.0.0'
}
