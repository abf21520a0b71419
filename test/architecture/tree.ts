// The source tree as data: a map from path to text. Every check is a pure function from it to a list of violations.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Tree = ReadonlyMap<string, string>

export type Violation = { path: string; line?: number; what: string }

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What is made by installing, building and running; never part of the source. */
const MADE = new Set(['node_modules', 'data', '.git', '.cache', 'dist'])
const TEXT = /\.(ts|tsx|mjs|js|json|yaml|yml|md|css|html|svg|txt|sql)$|^[^.]+$|^\.[a-z]+$/

export function readTree(root: string = ROOT): Tree {
  const tree = new Map<string, string>()
  const add = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !MADE.has(entry.name)) add(path)
      else if (entry.isFile()) tree.set(path, TEXT.test(entry.name) ? readFileSync(join(root, path), 'utf8') : '')
    }
  }
  add('')
  return tree
}

/** Names at the top of the tree, files and folders, without what is made. */
export function topLevel(root: string = ROOT): string[] {
  return readdirSync(root).filter(name => !MADE.has(name))
}

export function exists(path: string, root: string = ROOT): boolean {
  return existsSync(join(root, path))
}

export const tell = (violations: readonly Violation[]): string[] =>
  violations.map(({ path, line, what }) => `${path}${line === undefined ? '' : `:${line}`}: ${what}`)

export const planted = (files: Record<string, string>): Tree => new Map(Object.entries(files))
