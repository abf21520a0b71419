// A house rule that nobody sees broken is no rule: each fault is planted in a copy of the tree, and the check must name it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyTree, ROOT } from '../support/tree-copy.ts'

let copy = ''

beforeAll(() => {
  copy = copyTree()
  // The packages are shared; what the compiler keeps between runs (node_modules/.cache) must not be.
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!['.cache', '.vite'].includes(name))
      symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name))
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

function check(...steps: string[]): { code: number | null; said: string } {
  const env = { ...process.env, VITEST: undefined, NODE_ENV: undefined }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bootstrap.mjs', 'check', ...steps], {
    cwd: copy,
    env,
    encoding: 'utf8',
  })
  return { code: status, said: stdout + stderr }
}

/** Changes one file (an absent one counts as empty), runs the work, puts it back. */
function planting(path: string, change: (text: string) => string, work: () => void): void {
  const place = join(copy, path)
  const before = readdirSync(dirname(place)).includes(path.split('/').at(-1) ?? '') ? readFileSync(place, 'utf8') : null
  const after = change(before ?? '')
  expect(after, 'the fault could not be planted').not.toBe(before)
  writeFileSync(place, after)
  try {
    work()
  } finally {
    if (before === null) rmSync(place)
    else writeFileSync(place, before)
  }
}

const add = (line: string) => (text: string) => `${text}\n${line}\n`

describe('npm run check', () => {
  it('passes on the tree as it is', () => {
    const { code, said } = check()
    expect(code, said).toBe(0)
  })

  it.each([
    {
      fault: 'an upward import',
      path: 'server/stores/chain.ts',
      change: add(`import '../incidents/apply.ts'`),
      step: 'architecture',
      named: /server\/stores\/chain\.ts:\d+: stores imports upward from incidents/,
    },
    {
      fault: 'a circle',
      path: 'server/platform/ids.ts',
      change: add(`export { newId as again } from './ids.ts'`),
      step: 'architecture',
      named: /server\/platform\/ids\.ts:\d+: a circle/,
    },
    {
      fault: 'a verb without audit, for the compiler',
      path: 'server/incidents/acknowledge.ts',
      change: (text: string) => text.replace(/^ {2}audit: .*\n/m, ''),
      step: 'types',
      named: /server\/incidents\/acknowledge\.ts\(\d+,\d+\): error TS\d+.*\n[\s\S]*audit/,
    },
    {
      fault: 'a verb whose audit is nothing',
      path: 'server/incidents/acknowledge.ts',
      change: (text: string) => text.replace(/^ {2}audit: .*\n/m, '  audit: undefined as never,\n'),
      step: 'architecture',
      named: /server\/incidents\/acknowledge\.ts:\d+: a verb without audit/,
    },
    {
      fault: 'a route that changes something without a verb',
      path: 'server/http/routes/incidents.ts',
      change: add(`export const raw = (router: Router) => router.post('/api/v1/incidents/clear', clear)`),
      step: 'architecture',
      named: /server\/http\/routes\/incidents\.ts:\d+: router\.post\(\) changes something without a verb/,
    },
    {
      fault: 'the page in the server',
      path: 'server/platform/ids.ts',
      change: add('export const title = document.title'),
      step: 'types',
      named: /server\/platform\/ids\.ts\(\d+,\d+\): error TS2584: Cannot find name 'document'/,
    },
    {
      fault: 'the server in the agent',
      path: 'agent/platform/clock.ts',
      change: add(`import '../../server/platform/ids.ts'`),
      step: 'types',
      named: /agent\/platform\/clock\.ts\(\d+,\d+\): error TS/,
    },
    {
      fault: 'a dead path in the documents',
      path: 'docs/architecture.md',
      change: add('All of it begins in `server/vanished.ts`.'),
      step: 'architecture',
      named: /docs\/architecture\.md:\d+: server\/vanished\.ts does not exist/,
    },
    {
      fault: 'what the linter refuses',
      path: 'server/platform/ids.ts',
      change: add('export const anything = (x: any) => x'),
      step: 'lint',
      named: /server\/platform\/ids\.ts:\d+:\d+ lint\/suspicious\/noExplicitAny/,
    },
  ])('fails on $fault and names the place', ({ path, change, step, named }) => {
    planting(path, change, () => {
      const { code, said } = check(step)
      expect(said).toMatch(named)
      expect(code).toBe(1)
    })
  })
})
