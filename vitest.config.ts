import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// What takes minutes (50 kills, long replays) runs by `npm run test:long` only.
const long = process.env.PANTAU_TESTS === 'long'

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
    testTimeout: 180_000,
    hookTimeout: 180_000,
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
