// Prints the totals of the last `npm test` as one line, "N passed, N failed". Exit code 1 when any failed or none ran.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

type Results = {
  numPassedTests: number
  numTotalTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/** What did not pass counts as failed: a skipped test, and a file that did not even load. */
export function totals(results: Results): { passed: number; failed: number } {
  const broken = results.testResults.filter(
    file => file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'),
  )
  return { passed: results.numPassedTests, failed: results.numTotalTests - results.numPassedTests + broken.length }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { passed, failed } = totals(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0 || passed === 0) process.exitCode = 1
}
