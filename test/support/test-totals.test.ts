import { expect, it } from 'vitest'
import { totals } from './test-totals.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map(one => ({ status: one })),
})

it('the totals of a run count what passed; all else is a failure: failed, skipped, and files that did not load', () => {
  expect(
    totals({
      numPassedTests: 3,
      numTotalTests: 3,
      testResults: [file('passed', 'passed', 'passed'), file('passed', 'passed')],
    }),
  ).toEqual({ passed: 3, failed: 0 })
  expect(
    totals({
      numPassedTests: 1,
      numTotalTests: 3,
      testResults: [file('failed', 'passed', 'failed', 'skipped'), file('failed')],
    }),
  ).toEqual({ passed: 1, failed: 3 })
})
