// What a file may be called, how long it may be and what may stand in it.
import { importsOf, SOURCE } from './imports.ts'
import { linesOf, tokensOf } from './tokens.ts'
import type { Tree, Violation } from './tree.ts'

export const LINES_AIMED_AT = 250
/** A test file is a list of stories, a table is read by its rows: both may be longer before they are two things. */
export const LINES_AT_MOST = { code: 300, tests: 400, tables: 450 }
/** Files that are one table and nothing else: words of a language, schemas of what is shown, calls of the API, parameters. */
const TABLES: readonly string[] = [
  ...['dashboard/src/i18n/id.ts', 'dashboard/src/i18n/en.ts', 'protocol/api.ts'],
  ...['server/rules/measures/catalogue.ts'],
]

export const TOP_LEVEL: readonly string[] = [
  ...['agent', 'server', 'dashboard', 'config', 'test', 'protocol', 'docs'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'biome.json', 'vitest.config.ts'],
  ...['bootstrap.mjs', 'bootstrap-lock.mjs', 'pantau.mjs', 'Dockerfile', 'docker-compose.yml'],
  ...['LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'README.id.md'],
  ...['.ci', '.gitignore', '.npmrc', '.dockerignore'],
]

/** What decides takes the time as an argument, so that it can be replayed and tested against any clock. */
export const PURE: readonly RegExp[] = [
  /^protocol\//,
  /^server\/rules\/measures\//,
  /^server\/rules\/verdict\.ts$/,
  /^server\/availability\//,
  /^server\/backups\/(job-status|dataset-status|sizes|limits|schedule|fold-pings|finding-words|coverage|coverage-table)\.ts$/,
  /^server\/oncall\//,
  /^server\/incidents\/incident-machine\.ts$/,
  /^dashboard\/src\/live\/reducer\.ts$/,
]

/** The parts of server/ that ask a room instead of the database. */
const WITHOUT_SQL = /^server\/(platform\/|http\/|live\/|cli\/|(main|app|config)\.ts$)/
const QUERY = /^(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto)$/
const SQL_TEXT = /^\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\s/s

const PROGRAM = /^(agent|server|dashboard|protocol|test)\//
const VAGUE = /^(utils?|helpers?|common|misc|shared|index)(\.[a-z.]+)?$/
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))*\.(ts|tsx)$/

export function topLevelViolations(names: readonly string[]): Violation[] {
  return names
    .filter(name => !TOP_LEVEL.includes(name))
    .map(path => ({ path, what: 'is not on the list of what stands at the top (TOP_LEVEL)' }))
}

function mostLines(path: string): number {
  if (TABLES.includes(path)) return LINES_AT_MOST.tables
  return path.startsWith('test/') ? LINES_AT_MOST.tests : LINES_AT_MOST.code
}

/** `most` in place of what the kind of file allows. */
export function lengthViolations(tree: Tree, most?: number): Violation[] {
  return [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1
    const allowed = most ?? mostLines(path)
    return SOURCE.test(path) && lines > allowed ? [{ path, what: `${lines} lines, more than ${allowed}` }] : []
  })
}

export function nameViolations(tree: Tree): Violation[] {
  const violations: Violation[] = []
  for (const path of tree.keys()) {
    if (!PROGRAM.test(path)) continue
    const parts = path.split('/')
    const vague = parts.find(part => VAGUE.test(part) && part !== 'index.html')
    if (vague) violations.push({ path, what: `${vague} says nothing about what is inside` })
    else if (/\.tsx?$/.test(path) && !KEBAB.test(parts.at(-1) ?? ''))
      violations.push({ path, what: 'file names are kebab-case' })
    if (SOURCE.test(path))
      for (const line of linesOf(tokensOf(tree, path), 'export', '*'))
        violations.push({ path, line, what: 'a barrel: import from the file that has it' })
  }
  return violations
}

const CLOCKS = [
  ['Date', '.', 'now'],
  ['new', 'Date', '(', ')'],
  ['performance', '.', 'now'],
  ['process', '.', 'hrtime'],
  ['Math', '.', 'random'],
  ['setTimeout', '('],
  ['setInterval', '('],
] as const

export function clockViolations(tree: Tree): Violation[] {
  return [...tree.keys()]
    .filter(path => PURE.some(pattern => pattern.test(path)) && SOURCE.test(path))
    .flatMap(path =>
      CLOCKS.flatMap(call =>
        linesOf(tokensOf(tree, path), ...call).map(line => ({
          path,
          line,
          what: `${call.join('')} in a pure file: time comes in as an argument`,
        })),
      ),
    )
}

export function sqlViolations(tree: Tree): Violation[] {
  const violations: Violation[] = []
  for (const path of tree.keys()) {
    if (!path.startsWith('server/') || !SOURCE.test(path)) continue
    for (const { specifier, line, kind } of importsOf(tree, path)) {
      const driver = specifier === 'better-sqlite3' && !path.startsWith('server/stores/')
      const builder = specifier === 'kysely' && kind !== 'type' && WITHOUT_SQL.test(path)
      if (driver || builder) violations.push({ path, line, what: `${specifier} belongs to the stores and the rooms` })
    }
    if (!WITHOUT_SQL.test(path)) continue
    for (const { kind, text, line } of tokensOf(tree, path)) {
      const query = kind === 'word' ? QUERY.test(text) : kind !== 'punct' && SQL_TEXT.test(text)
      if (query) violations.push({ path, line, what: 'a query outside the stores and the rooms: ask the room' })
    }
  }
  return violations
}

export function consoleViolations(tree: Tree): Violation[] {
  return [...tree.keys()]
    .filter(path => /^(agent|server)\//.test(path) && !path.startsWith('server/cli/') && SOURCE.test(path))
    .flatMap(path =>
      linesOf(tokensOf(tree, path), 'console', '.').map(line => ({ path, line, what: 'console: use the log' })),
    )
}
