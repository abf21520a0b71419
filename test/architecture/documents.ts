// What the documents say about the tree is true: links lead somewhere, cited paths exist, both READMEs say the same.
import { posix } from 'node:path'
import type { Tree, Violation } from './tree.ts'

const DOCUMENT = /^(README(\.id)?\.md|CONTRIBUTING\.md|CHANGELOG\.md|docs\/.*\.md)$/
const FOLDER = String.raw`(?:agent|server|dashboard|config|test|protocol|docs|\.ci)`
/** In running text, whatever stands in backticks and looks like a path; in a block of text, whatever also ends like a file. */
const CITED_INLINE = new RegExp(`^${FOLDER}/\\S*$`)
const CITED_IN_BLOCK = new RegExp(
  `(?<![\\w./@-])${FOLDER}/[\\w./{},*<>-]*\\.(?:ts|tsx|mjs|md|yaml|yml|json|sql)\\b`,
  'g',
)

type Line = { text: string; number: number; block: string | null }

/** Lines with the language of the fenced block that they stand in. */
function linesOf(markdown: string): Line[] {
  let block: string | null = null
  return markdown.split('\n').flatMap((text, i) => {
    const fence = /^\s*```(.*)$/.exec(text)
    if (fence) {
      block = block === null ? (fence[1] ?? '').trim() : null
      return []
    }
    return [{ text, number: i + 1, block }]
  })
}

export const documentsOf = (tree: Tree): string[] => [...tree.keys()].filter(path => DOCUMENT.test(path))

/** The anchors that a page's headings make. */
export function anchorsOf(markdown: string): string[] {
  return linesOf(markdown).flatMap(({ text, block }) => {
    const title = block === null ? /^#{1,6} (.*)$/.exec(text)?.[1] : undefined
    if (title === undefined) return []
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    return [plain.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')]
  })
}

/** Whether a cited path is there. `*`, `<name>` and `NNNN` stand for any name, `{a,b}` for each of the names. */
export function isThere(tree: Tree, cited: string): boolean {
  const braces = /^(.*)\{([^{}]*)\}(.*)$/.exec(cited)
  if (braces) return (braces[2] ?? '').split(',').every(part => isThere(tree, `${braces[1]}${part}${braces[3]}`))
  const path = cited.replace(/:\d+$/, '').replace(/\/$/, '')
  const literal = path.replace(/[.+?^$()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(
    `^${literal.replace(/\*\*|<[^>]*>|\*|NNNN/g, any => (any === '**' ? '.*' : '[^/]*'))}(/|$)`,
  )
  return [...tree.keys()].some(known => pattern.test(known))
}

export function documentViolations(tree: Tree): Violation[] {
  return documentsOf(tree).flatMap(path =>
    linesOf(tree.get(path) ?? '').flatMap(({ text, number, block }) => {
      const cited =
        block === null
          ? [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => (CITED_INLINE.test(code) ? [code] : []))
          : [...text.matchAll(CITED_IN_BLOCK)].map(([found]) => found)
      const dead = cited
        .filter(one => !one.includes('/dist') && !isThere(tree, one))
        .map(one => `${one} does not exist`)
      return [...dead, ...(block === null ? deadLinks(tree, path, text) : [])].map(what => ({
        path,
        line: number,
        what,
      }))
    }),
  )
}

function deadLinks(tree: Tree, path: string, text: string): string[] {
  const withoutCode = text.replace(/`[^`]*`/g, '')
  return [...withoutCode.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return []
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : posix.join(posix.dirname(path), file)
    if (!isThere(tree, target)) return [`the link ${link} leads nowhere`]
    const page = tree.get(target)
    if (anchor && page !== undefined && !anchorsOf(page).includes(anchor))
      return [`the link ${link} has no such heading`]
    return []
  })
}

/** Each error code has its section in the reference, and no section is about a code that does not exist. */
export function errorReferenceViolations(reference: string, codes: readonly string[]): Violation[] {
  const path = 'docs/reference/errors.md'
  const sections = [...reference.matchAll(/^#{2,4} `([^`]+)`/gm)].map(([, code = '']) => code)
  return [
    ...codes.filter(code => !sections.includes(code)).map(code => ({ path, what: `the code ${code} has no section` })),
    ...sections.filter(code => !codes.includes(code)).map(code => ({ path, what: `${code} is not an error code` })),
    ...sections
      .filter((code, i) => sections.indexOf(code) !== i)
      .map(code => ({ path, what: `${code} has two sections` })),
  ]
}

/** Both languages of the README: as many headings at each level, and the same commands in the same order. */
export function twinViolations(english: string, indonesian: string): Violation[] {
  const path = 'README.id.md'
  const levels = (text: string) =>
    linesOf(text).flatMap(line => (line.block === null ? (/^#+(?= )/.exec(line.text)?.[0] ?? []) : []))
  const commands = (text: string) =>
    linesOf(text).flatMap(({ text: line, block }) => {
      const command = line.replace(/\s*#.*$/, '').trim()
      return block === null || command === '' ? [] : [command]
    })
  const violations: Violation[] = []
  if (levels(english).join(' ') !== levels(indonesian).join(' '))
    violations.push({ path, what: 'its headings are not those of README.md' })
  if (commands(english).join('\n') !== commands(indonesian).join('\n'))
    violations.push({ path, what: 'its commands are not those of README.md' })
  return violations
}
