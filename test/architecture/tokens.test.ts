import { describe, expect, it } from 'vitest'
import { linesOf, tokenize } from './tokens.ts'

const words = (source: string) => tokenize(source).flatMap(({ kind, text }) => (kind === 'word' ? [text] : []))
const strings = (source: string) =>
  tokenize(source).flatMap(({ kind, text }) => (kind === 'string' || kind === 'template' ? [text] : []))

/** What opens a hole in a template, kept apart so that this file has none by mistake. */
const HOLE = '$'.concat('{')

describe('the tokenizer of the architecture tests', () => {
  it('leaves out comments, keeps what strings say apart from code', () => {
    expect(words('a // b\n/* c\n d */ e')).toEqual(['a', 'e'])
    expect(strings(`x = "import y from 'z'" + 'it\\'s'`)).toEqual(["import y from 'z'", "it\\'s"])
    expect(words(`x = "import y from 'z'"`)).toEqual(['x'])
  })

  it('sees a double slash in a string as a string, not as a comment', () => {
    expect(words(`fetch('http://a'); after`)).toEqual(['fetch', 'after'])
  })

  it('reads templates with code in their holes, also nested ones', () => {
    const source = 'a = `one $<b ? `two $<c>` : { d: 1 }.d> three`; e'.replaceAll('$<', HOLE).replaceAll('>', '}')
    expect(strings(source)).toEqual(['one * three', 'two *'])
    expect(words(source)).toEqual(['a', 'b', 'c', 'd', '1', 'd', 'e'])
  })

  it('tells a regular expression from a division', () => {
    expect(words('x.replace(/["`\'/*]/g, y) / z')).toEqual(['x', 'replace', 'y', 'z'])
    expect(words('half = a / 2 / b')).toEqual(['half', 'a', '2', 'b'])
    expect(words('return /[/"]/.test(x)')).toEqual(['return', 'test', 'x'])
  })

  it('survives the text of a page', () => {
    const source = `<p title="x">Don't {count} / day</p>\nimport after from './after.ts'`
    expect(words(source)).toContain('count')
    expect(strings(source)).toContain('./after.ts')
  })

  it('knows the line of each token, after comments, strings and templates of several lines', () => {
    expect(linesOf(tokenize(`/*\n*/\n\`\n${HOLE}x}\n\`\nDate.now()`), 'Date', '.', 'now')).toEqual([6])
    expect(linesOf(tokenize("'Date.now()' // Date.now()"), 'Date', '.', 'now')).toEqual([])
  })
})
