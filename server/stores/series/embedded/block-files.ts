// The block files of one kind (samples, or one tier) in a directory: which there are, opened as they are needed.
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { storageError } from '../../durable/sqlite.ts'
import { type BlockFile, type BlockFileDeps, openBlockFile } from './block-file.ts'
import { syncDirectory } from './disk.ts'
import type { Period } from './period.ts'
import { weekOf, yearOf } from './windows.ts'

export type BlockFiles = {
  /** The file of an instant; null where there is none. */
  at(at: number): BlockFile | null
  /** The same, and made where there is none. Throws StorageError. */
  for(at: number): BlockFile
  /** Oldest first. */
  periods(): Period[]
  /** Beginnings of the spans in [from, to) that have anything. */
  spansBetween(from: number, to: number): number[]
  /**
   * Deletes the files that end at `at` or before, unless `mayGo` says no or they are being written; whether there were any. Throws
   * StorageError.
   */
  removeUntil(at: number, mayGo?: (period: Period) => boolean): boolean
  all(): BlockFile[]
  /** The path, without its ending, of a file that is to `replace` one of these: a leftover of it is deleted at the next start. */
  pathBeside(file: BlockFile): string
  /**
   * Puts the file of `pathBeside` in the place of this one, at any moment of which one of the two is whole in it. Both are durable
   * and closed by then. Throws StorageError.
   */
  replace(file: BlockFile): void
  sampleCount(): number
  bytes(): number
  close(): void
}

const NAMES = { week: /^(.+)-(\d{4,6})-W(\d{2})\.blocks$/, year: /^(.+)-(\d{4,6})\.blocks$/ }

/** The period in a file name of this kind; null for any other file. */
export function periodOfBlocks(fileName: string, kind: string, each: 'week' | 'year'): Period | null {
  const [, found, year, week] = NAMES[each].exec(fileName) ?? []
  if (found !== kind || year === undefined) return null
  // The fourth of January is always in week 1.
  const january = Date.UTC(Number(year), 0, 4)
  const period = each === 'year' ? yearOf(january) : weekOf(january + (Number(week) - 1) * 7 * 86_400_000)
  return `${kind}-${period.name}.blocks` === fileName ? period : null
}

export type BlockFilesDeps = BlockFileDeps & { directory: string }

/** `kind`: first part of the file names. */
export function openBlockFiles(
  deps: BlockFilesDeps,
  { kind, each }: { kind: string; each: 'week' | 'year' },
): BlockFiles {
  const { directory } = deps
  const periodAt = each === 'week' ? weekOf : yearOf
  const opened = new Map<string, { period: Period; file: BlockFile }>()
  let recent: { period: Period; file: BlockFile } | null = null

  function open(period: Period): { period: Period; file: BlockFile } {
    const made = { period, file: openBlockFile(join(directory, `${kind}-${period.name}`), deps) }
    opened.set(period.name, made)
    return made
  }

  for (const name of readdirSync(directory)) {
    if (name.startsWith(`${kind}-`) && /\.anew\.(blocks|index)$/.test(name)) rmSync(join(directory, name))
    const period = periodOfBlocks(name, kind, each)
    if (period !== null) open(period)
  }

  function find(at: number) {
    // Nearly always it is the one of the question before.
    if (recent !== null && at >= recent.period.from && at < recent.period.to) return recent
    const found = opened.get(periodAt(at).name) ?? null
    if (found !== null) recent = found
    return found
  }

  return {
    at: at => find(at)?.file ?? null,
    for: at => (find(at) ?? open(periodAt(at))).file,
    periods: () => [...opened.values()].map(({ period }) => period).sort((a, b) => a.from - b.from),
    spansBetween(from, to) {
      const near = [...opened.values()].filter(({ period }) => period.to > from && period.from < to)
      return near.flatMap(({ file }) => file.spans().filter(span => span >= from && span < to))
    },
    all: () => [...opened.values()].map(({ file }) => file),
    pathBeside: ({ path }) => `${path}.anew`,
    replace({ path }) {
      const found = [...opened.values()].find(({ file }) => file.path === path)
      if (found === undefined) return
      const { period, file } = found
      file.close()
      recent = null
      opened.delete(period.name)
      try {
        // Copies of headers would lie about other blocks; without them they are read from the blocks themselves.
        rmSync(`${path}.index`, { force: true })
        syncDirectory(directory)
        renameSync(`${path}.anew.blocks`, `${path}.blocks`)
        syncDirectory(directory)
        renameSync(`${path}.anew.index`, `${path}.index`)
      } catch (error) {
        throw storageError(error, path)
      } finally {
        open(period)
      }
    },
    removeUntil(at, mayGo = () => true) {
      const before = opened.size
      for (const [name, { period, file }] of opened) {
        if (period.to > at || file.isBeingWritten() || !mayGo(period)) continue
        opened.delete(name)
        recent = null
        file.close()
        for (const suffix of ['.blocks', '.index']) {
          try {
            rmSync(file.path + suffix, { force: true })
          } catch (error) {
            throw storageError(error, file.path + suffix)
          }
        }
      }
      return opened.size < before
    },
    sampleCount: () => [...opened.values()].reduce((total, { file }) => total + file.sampleCount(), 0),
    bytes: () => [...opened.values()].reduce((total, { file }) => total + file.bytes(), 0),
    close() {
      for (const { file } of opened.values()) file.close()
      opened.clear()
      recent = null
    },
  }
}
