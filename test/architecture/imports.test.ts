import { describe, expect, it } from 'vitest'
import { importsOf } from './imports.ts'
import { planted } from './tree.ts'

const read = (source: string) =>
  importsOf(planted({ 'server/a/b.ts': source }), 'server/a/b.ts').map(({ kind, target, specifier, line }) => [
    kind,
    target ?? specifier,
    line,
  ])

describe('the import scanner', () => {
  it('finds each way of importing', () => {
    expect(
      read(`import './side.ts'
import one, { two as three } from '../c/d.ts'
import * as all from 'zod'
import type { T } from './types.ts'
import type from './named-type.ts'
import { type U } from './mixed.ts'
export { x } from './x.ts'
export type { Y } from './y.ts'
export * from './z.ts'
export * as w from './w.ts'
const lazy = await import('./lazy.ts')
const worker = new Worker(new URL('./worker.ts', import.meta.url))
const place = import.meta.resolve('./place.ts')`),
    ).toEqual([
      ['value', 'server/a/side.ts', 1],
      ['value', 'server/c/d.ts', 2],
      ['value', 'zod', 3],
      ['type', 'server/a/types.ts', 4],
      ['value', 'server/a/named-type.ts', 5],
      ['value', 'server/a/mixed.ts', 6],
      ['value', 'server/a/x.ts', 7],
      ['type', 'server/a/y.ts', 8],
      ['value', 'server/a/z.ts', 9],
      ['value', 'server/a/w.ts', 10],
      ['dynamic', 'server/a/lazy.ts', 11],
      ['url', 'server/a/worker.ts', 12],
      ['url', 'server/a/place.ts', 13],
    ])
  })

  it('does not take for an import what only looks like one', () => {
    expect(
      read(`// import a from './a.ts'
const text = "import b from './b.ts'"
const here = import.meta.url
const from = { import: 'c' }
export const d = { from: './d.ts' }
export { e }
const address = new URL('https://example.go.id')`),
    ).toEqual([])
  })

  it('reads a statement over several lines', () => {
    expect(read(`import {\n  a, // one\n  type B,\n} from './many.ts'\n`)).toEqual([['value', 'server/a/many.ts', 4]])
  })
})
