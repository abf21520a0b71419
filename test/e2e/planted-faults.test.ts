// A house rule that nobody sees broken is no rule: each fault is planted in a copy of the tree, and the check must name it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

type Fault = { fault: string; path: string; change: (text: string) => string; named: RegExp }

/** Changes one file (an absent one counts as empty); answers how to put it back. */
function plant({ path, change, fault }: Fault): () => void {
  const place = join(copy, path)
  const before = existsSync(place) ? readFileSync(place, 'utf8') : null
  const after = change(before ?? '')
  expect(after, `${fault} could not be planted`).not.toBe(before)
  writeFileSync(place, after)
  return () => (before === null ? rmSync(place) : writeFileSync(place, before))
}

const add = (line: string) => (text: string) => `${text}\n${line}\n`

/** By the step that must find them. Those of one step are planted together, each in a file of its own. */
const FAULTS: Record<string, Fault[]> = {
  architecture: [
    {
      fault: 'an upward import',
      path: 'server/stores/chain.ts',
      change: add(`import '../incidents/apply.ts'`),
      named: /server\/stores\/chain\.ts:\d+: stores imports upward from incidents/,
    },
    {
      fault: 'a circle',
      path: 'server/platform/ids.ts',
      change: add(`export { newId as again } from './ids.ts'`),
      named: /server\/platform\/ids\.ts:\d+: a circle/,
    },
    {
      fault: 'a verb whose audit is nothing',
      path: 'server/incidents/acknowledge.ts',
      change: (text: string) => text.replace(/^ {2}audit: .*\n/m, '  audit: undefined as never,\n'),
      named: /server\/incidents\/acknowledge\.ts:\d+: a verb without audit/,
    },
    {
      fault: 'a route that changes something without a verb',
      path: 'server/http/routes/incidents.ts',
      change: add(`export const raw = (router: Router) => router.post('/api/v1/incidents/clear', clear)`),
      named: /server\/http\/routes\/incidents\.ts:\d+: router\.post\(\) changes something without a verb/,
    },
    {
      fault: 'a dead path in the documents',
      path: 'docs/architecture.md',
      change: add('All of it begins in `server/vanished.ts`.'),
      named: /docs\/architecture\.md:\d+: server\/vanished\.ts does not exist/,
    },
  ],
  types: [
    {
      fault: 'a verb without audit, for the compiler',
      path: 'server/incidents/acknowledge.ts',
      change: (text: string) => text.replace(/^ {2}audit: .*\n/m, ''),
      named: /server\/incidents\/acknowledge\.ts\(\d+,\d+\): error TS\d+.*\n[\s\S]*audit/,
    },
    {
      fault: 'the page in the server',
      path: 'server/platform/ids.ts',
      change: add('export const title = document.title'),
      named: /server\/platform\/ids\.ts\(\d+,\d+\): error TS2584: Cannot find name 'document'/,
    },
    {
      fault: 'the server in the agent',
      path: 'agent/platform/clock.ts',
      change: add(`import '../../server/platform/ids.ts'`),
      named: /agent\/platform\/clock\.ts\(\d+,\d+\): error TS/,
    },
  ],
  lint: [
    {
      fault: 'what the linter refuses',
      path: 'server/platform/ids.ts',
      change: add('export const anything = (x: any) => x'),
      named: /server\/platform\/ids\.ts:\d+:\d+ lint\/suspicious\/noExplicitAny/,
    },
  ],
}

describe('npm run check', () => {
  // That all steps pass on the tree as it is shows whoever runs it: .ci/run before these tests.
  it('passes where nothing is wrong', () => {
    const { code, said } = check('lint')
    expect(code, said).toBe(0)
  })

  it.each(Object.entries(FAULTS))('fails in %s on each planted fault and names its place', (step, faults) => {
    const mend = faults.map(plant)
    try {
      const { code, said } = check(step)
      for (const { fault, named } of faults) expect(said, fault).toMatch(named)
      expect(code).toBe(1)
    } finally {
      for (const putBack of mend) putBack()
    }
  })
})
