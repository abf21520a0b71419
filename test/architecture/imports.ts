// What a file imports, by reading its tokens.
import { posix } from 'node:path'
import { type Token, tokensOf } from './tokens.ts'
import type { Tree } from './tree.ts'

export type Import = {
  specifier: string
  line: number
  /** `type` is erased; `url` is a file that is started or read by its address (`new URL('./worker.ts', import.meta.url)`). */
  kind: 'value' | 'type' | 'dynamic' | 'url'
  /** Path in the tree when the import is relative. */
  target: string | null
  /** The words of an import statement before `from`: imported and local names. */
  names: string[]
}

export const SOURCE = /\.(ts|tsx|mts|mjs|js)$/

export function importsOf(tree: Tree, path: string): Import[] {
  return scan(tokensOf(tree, path)).map(found => ({ ...found, target: resolve(path, found.specifier) }))
}

function resolve(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  return posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''))
}

function scan(tokens: readonly Token[]): Omit<Import, 'target'>[] {
  const found: Omit<Import, 'target'>[] = []
  const word = (i: number) => (tokens[i]?.kind === 'string' ? '' : (tokens[i]?.text ?? ''))
  const add = (kind: Import['kind'], i: number, from = i) => {
    const token = tokens[i]
    const names = tokens.slice(from, Math.max(i, from)).flatMap(({ kind, text }) => (kind === 'word' ? [text] : []))
    if (token?.kind === 'string' || token?.kind === 'template')
      found.push({ specifier: token.text, line: token.line, kind, names })
  }
  /** Index of the string after `from`, looking on from i over names, braces, commas and stars only. */
  const source = (i: number): number => {
    for (let k = i; k < tokens.length; k++) {
      if (word(k) === 'from' && tokens[k + 1]?.kind === 'string') return k + 1
      const passable = tokens[k]?.kind === 'word' || tokens[k]?.kind === 'string' || /^[{},*]$/.test(word(k))
      if (!passable) return -1
    }
    return -1
  }

  tokens.forEach((token, i) => {
    if (token.kind !== 'word' || word(i - 1) === '.') return
    const next = word(i + 1)
    if (token.text === 'import') {
      if (tokens[i + 1]?.kind === 'string') add('value', i + 1)
      else if (next === '(') add('dynamic', i + 2)
      else if (next === '.') {
        if (word(i + 4) === 'resolve') add('url', i + 6)
      } else add(next === 'type' && !/^(from|,)$/.test(word(i + 2)) ? 'type' : 'value', source(i + 1), i + 1)
    } else if (token.text === 'export') {
      const type = next === 'type'
      if (/^[{*]$/.test(word(type ? i + 2 : i + 1))) add(type ? 'type' : 'value', source(i + 1))
    } else if (token.text === 'require' && next === '(') add('value', i + 2)
    else if (token.text === 'URL' && word(i - 1) === 'new' && next === '(' && SOURCE.test(tokens[i + 2]?.text ?? ''))
      add('url', i + 2)
  })
  return found
}
