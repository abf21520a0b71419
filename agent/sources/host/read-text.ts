import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** Text of a small file of /proc or /sys; rejects when it cannot be read. */
export function readText(path: string): Promise<string> {
  return readFile(path, 'utf8')
}

/** The same, trimmed; undefined where the kernel has no answer (a link that is down has no speed: EINVAL). */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return undefined
  }
}

/** The same without the way through the thread pool; only for what the kernel answers from its own memory. */
export function readAtOnce(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
