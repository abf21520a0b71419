import { describe, expect, it } from 'vitest'
import { packageViolations } from './packages.ts'
import {
  clockViolations,
  consoleViolations,
  LINES_AIMED_AT,
  lengthViolations,
  nameViolations,
  sqlViolations,
  topLevelViolations,
} from './shape.ts'
import { planted, readTree, tell, topLevel } from './tree.ts'

const tree = readTree()

describe('the tree', () => {
  it('has at its top what is on the list and nothing else', () => {
    expect(tell(topLevelViolations(topLevel()))).toEqual([])
    expect(tell(topLevelViolations(['server', 'scripts']))).toEqual([expect.stringContaining('scripts')])
  })

  it('has no long files', () => {
    for (const aimed of tell(lengthViolations(tree, LINES_AIMED_AT))) console.warn(`longer than aimed at: ${aimed}`)
    expect(tell(lengthViolations(tree))).toEqual([])
    expect(
      lengthViolations(
        planted({
          'agent/a.ts': 'x\n'.repeat(301),
          'test/agent/a.test.ts': 'x\n'.repeat(400),
          'dashboard/src/i18n/id.ts': 'x\n'.repeat(450),
          'docs/a.md': 'x\n'.repeat(999),
        }),
      ),
    ).toHaveLength(1)
  })

  it('has names that say what is inside', () => {
    expect(tell(nameViolations(tree))).toEqual([])
    const vague = planted({
      'agent/utils/text.ts': '',
      'server/common.ts': '',
      'dashboard/src/ui/index.ts': '',
      'dashboard/index.html': '',
      'dashboard/src/ui/AgeMark.tsx': '',
      'protocol/all.ts': `export * from './views.ts'`,
      'test/support/host-helper.ts': '',
    })
    expect(nameViolations(vague).map(({ path }) => path)).toEqual([
      'agent/utils/text.ts',
      'server/common.ts',
      'dashboard/src/ui/index.ts',
      'dashboard/src/ui/AgeMark.tsx',
      'protocol/all.ts',
    ])
  })
})

describe('what decides', () => {
  it('gets the time handed in', () => expect(tell(clockViolations(tree))).toEqual([]))

  it('is refused when it looks at a clock itself', () => {
    const source = 'const a = Date.now()\nconst b = new Date()\nconst c = new Date(at)'
    const files = planted({ 'server/rules/measures/age.ts': source, 'server/platform/clock.ts': source })
    expect(tell(clockViolations(files))).toEqual([
      'server/rules/measures/age.ts:1: Date.now in a pure file: time comes in as an argument',
      'server/rules/measures/age.ts:2: newDate() in a pure file: time comes in as an argument',
    ])
  })
})

describe('queries', () => {
  it('stand in the stores and the rooms', () => expect(tell(sqlViolations(tree))).toEqual([]))

  it('are refused in what only asks rooms', () => {
    const files = planted({
      'server/http/routes/wall.ts': `db.selectFrom('x')\nsql('SELECT a FROM b')\nsay('select a row from the list above')`,
      'server/notify/outbox.ts': `import Database from 'better-sqlite3'\nimport { sql } from 'kysely'`,
      'server/live/tail.ts': `import { sql } from 'kysely'\nimport type { Kysely } from 'kysely'`,
    })
    expect(tell(sqlViolations(files))).toEqual([
      'server/http/routes/wall.ts:1: a query outside the stores and the rooms: ask the room',
      'server/http/routes/wall.ts:2: a query outside the stores and the rooms: ask the room',
      'server/notify/outbox.ts:1: better-sqlite3 belongs to the stores and the rooms',
      'server/live/tail.ts:1: kysely belongs to the stores and the rooms',
    ])
  })
})

describe('agent and server', () => {
  it('log, and print nothing', () => {
    expect(tell(consoleViolations(tree))).toEqual([])
    const files = planted({
      'agent/a.ts': 'console.log(1)',
      'server/cli/b.ts': 'console.log(1)',
      'server/c.ts': '// console.log',
    })
    expect(tell(consoleViolations(files))).toEqual(['agent/a.ts:1: console: use the log'])
  })
})

describe('packages', () => {
  it('are exact, locked, and named without an address', () => expect(tell(packageViolations(tree))).toEqual([]))

  it('are refused otherwise', () => {
    const files = planted({
      'package.json': JSON.stringify({ dependencies: { a: '^1.0.0', b: '2.0.0' } }),
      'package-lock.json': JSON.stringify({
        packages: {
          '': { dependencies: { a: '^1.0.0', b: '1.9.0' } },
          'node_modules/a': { resolved: 'https://registry.example/a.tgz', integrity: 'sha512-x' },
          'node_modules/b': {},
        },
      }),
      '.npmrc': 'registry=https://registry.example',
    })
    expect(tell(packageViolations(files))).toEqual([
      'package.json: a ^1.0.0 is not exact',
      'package-lock.json: b is not locked at 2.0.0: run npm install',
      'package-lock.json: node_modules/a names a download address',
      'package-lock.json: node_modules/b has no integrity',
      '.npmrc: names a registry: that is a matter of the machine',
    ])
  })
})
