import { availableParallelism } from 'node:os'
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

/** Real processes, ports and a browser: one file at a time, or two cores are not enough for honest times. */
const oneAtATime = (name: string, timeoutMs: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    sequence: { groupOrder: 1 },
    fileParallelism: false,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
  },
})

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    pool: 'forks',
    // Left to itself it keeps a core free, which on two cores means one file after another.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 15_000,
    hookTimeout: 30_000,
    projects: long ? [oneAtATime('long', 30 * 60_000)] : [quick, architecture, oneAtATime('e2e', 180_000)],
  },
})
