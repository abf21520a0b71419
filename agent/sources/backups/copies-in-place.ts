// Which files or folders of a place are copies, newest first.
import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { bytesField, durationField, FieldError, type Fields, optionalText, pathField } from './fields.ts'
import type { Trouble } from './program-trouble.ts'
import { troubleOfError } from './system-trouble.ts'

export type Place = {
  /** A folder, or one file. */
  path: string
  /** Names that are copies, with * and ?; folders between are apart by "/". Undefined: all but hidden and half ones. */
  match: string | undefined
  /** What is smaller is no whole copy. */
  leastBytes: number
  /** What was written to so recently may still be growing. */
  settleMs: number
}

export const PLACE_FIELDS = ['path', 'match', 'least', 'settle'] as const

export function placeFields(fields: Fields): Place {
  const match = optionalText(fields, 'match')
  if (match?.startsWith('/') || match?.split('/').includes('..'))
    throw new FieldError('match', 'must be names below the path, such as "db-*.sql.gz"')
  return {
    path: pathField(fields, 'path'),
    match,
    leastBytes: bytesField(fields, 'least', 0),
    settleMs: durationField(fields, 'settle', { otherwiseMs: 2 * 60_000, leastMs: 1_000, mostMs: 86_400_000 }),
  }
}

/** `name` is the path below the place. Of a folder, `bytes` and `changedAt` are those of all that is in it. */
export type PlacedCopy = {
  path: string
  name: string
  isFolder: boolean
  bytes: number
  files: number
  changedAt: number
}

const HIDDEN_OR_HALF = /^\.|~$|\.(tmp|temp|part|partial|swp)$|^lost\+found$/i
const CHECKSUMS = /\.(sha256(sums?)?|sha512|md5)$|^(SHA256SUMS|sha256sums?)(\.txt|\.asc|\.gpg)?$/i

export type Found = { trouble: null; copies: PlacedCopy[] }

/** `take` says what is a copy, the place itself too; the rest is left out. */
export async function copiesIn(
  { path, match }: Pick<Place, 'path' | 'match'>,
  take: (path: string, stats: Stats) => Promise<boolean> | boolean,
): Promise<Trouble | Found> {
  try {
    const own = await stat(path)
    if (await take(path, own)) return { trouble: null, copies: [await measured(path, basename(path))] }
    const copies: PlacedCopy[] = []
    for (const name of await namesIn(path, (match ?? '*').split('/'), match === undefined)) {
      // It may have been cleared away since its name was read.
      const stats = await stat(join(path, name)).catch(ignoreGone)
      if (stats === undefined || !(await take(join(path, name), stats))) continue
      copies.push(await measured(join(path, name), name))
    }
    copies.sort((a, b) => b.changedAt - a.changedAt || (a.name < b.name ? 1 : -1))
    if (copies.length > 0) return { trouble: null, copies }
    return { trouble: 'nothing-there', detail: `nothing in ${path}${match === undefined ? '' : ` is named ${match}`}` }
  } catch (error) {
    return troubleOfError(error)
  }
}

/** For `catch`: undefined for what is not there, any other error goes on. */
export function ignoreGone(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}

async function namesIn(folder: string, [pattern = '*', ...deeper]: string[], isAnything: boolean): Promise<string[]> {
  const expression = new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
  const entries = await readdir(folder, { withFileTypes: true })
  const fitting = entries.filter(({ name }) => {
    if (CHECKSUMS.test(name) || (isAnything && HIDDEN_OR_HALF.test(name))) return false
    return expression.test(name) && (pattern.startsWith('.') || !name.startsWith('.'))
  })
  if (deeper.length === 0) return fitting.map(({ name }) => name)
  const nested = await Promise.all(
    fitting
      .filter(entry => entry.isDirectory())
      .map(async ({ name }) => (await namesIn(join(folder, name), deeper, false)).map(inner => join(name, inner))),
  )
  return nested.flat()
}

async function measured(path: string, name: string): Promise<PlacedCopy> {
  const stats = await stat(path)
  if (stats.isFile()) return { path, name, isFolder: false, bytes: stats.size, files: 1, changedAt: stats.mtimeMs }
  const sum = { path, name, isFolder: true, bytes: 0, files: 0, changedAt: 0 }
  for await (const file of filesBelow(path)) {
    sum.bytes += file.stats.size
    sum.files += 1
    sum.changedAt = Math.max(sum.changedAt, file.stats.mtimeMs)
  }
  // An empty one has only its own time.
  return sum.files > 0 ? sum : { ...sum, changedAt: stats.mtimeMs }
}

/** All plain files below a folder, never through a link. What can't be read throws: it may hold anything. */
export async function* filesBelow(
  folder: string,
  below = '',
): AsyncGenerator<{ path: string; name: string; stats: Stats }> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const name = join(below, entry.name)
    if (entry.isDirectory()) yield* filesBelow(folder, name)
    else if (entry.isFile()) {
      const path = join(folder, name)
      const stats = await stat(path).catch(ignoreGone)
      if (stats !== undefined) yield { path, name, stats }
    }
  }
}
