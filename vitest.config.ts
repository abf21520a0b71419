import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// What takes minutes (50 kills, long replays) runs by `npm run test:long` only.
const long = process.env.PANTAU_TESTS === 'long'

/**
 * What begins first, in this order. Short files that take long would come last on a machine that has not measured them, and
 * be waited for alone. The cut cable is told by seconds: beside it runs what mostly waits.
 */
const FIRST = [
  'test/contract/series-store/embedded.test.ts',
  'test/agent/hostile-collector.test.ts',
  'test/contract/series-store/embedded-kill.test.ts',
  'test/agent/kill.test.ts',
  'test/e2e/cable-cut.test.ts',
  'test/e2e/fault-to-mailbox.test.ts',
  'test/e2e/kill.test.ts',
]

class KnownFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const first = FIRST.flatMap(path => sorted.filter(({ moduleId }) => moduleId.endsWith(path)))
    return [...first, ...sorted.filter(file => !first.includes(file))]
  }
}

const quick = {
  extends: true as const,
  test: {
    name: 'unit',
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/{architecture,e2e,long,bench}/**'],
    sequence: { groupOrder: 0 },
  },
}

const architecture = {
  extends: true as const,
  test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'], sequence: { groupOrder: 0 } },
}

/** Real processes, ports and a browser, after the rest. Most of a story is waiting: two of them fit on two cores. */
const stories = {
  extends: true as const,
  test: {
    name: 'e2e',
    include: ['test/e2e/**/*.test.{ts,tsx}'],
    sequence: { groupOrder: 1 },
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
}

const alone = {
  extends: true as const,
  test: {
    name: 'long',
    include: ['test/long/**/*.test.{ts,tsx}'],
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 30 * 60_000,
  },
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    pool: 'forks',
    sequence: { sequencer: KnownFirst },
    // One more than cores where there are few: many tests wait for processes of their own.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // How long a busy machine may take is no fault: whoever waits, waits for what must come about, and long.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Collectors and stores start some hundred times: Node keeps what it compiled, which is a quarter of such a start.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    projects: long ? [alone] : [quick, architecture, stories],
  },
})
