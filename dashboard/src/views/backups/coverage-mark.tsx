import type { CoverageState } from '../../../../protocol/backup-words.ts'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import { StateMark } from '../../ui/state-mark.tsx'

/** Which state's shape and colour the coverage of a place borrows; null where nothing is asked. */
export const COVERAGE_TONE: Record<CoverageState, SubjectState | null> = {
  good: 'up',
  late: 'degraded',
  never: 'down',
  unmeasured: 'unknown',
  'no-job': 'unknown',
  'not-required': null,
}

/** How a data set stands at one place, as a shape. Decorative: words stand beside. */
export function CoverageMark({ state }: { state: CoverageState }) {
  const tone = COVERAGE_TONE[state]
  if (state === 'no-job') {
    return (
      <svg class="mark tone-down" viewBox="0 0 16 16" aria-hidden="true">
        <path class="mark-line" d="M2 2h12v12H2zM2 14 14 2" />
      </svg>
    )
  }
  if (tone !== null) return <StateMark state={tone} />
  return (
    <svg class="mark coverage-none" viewBox="0 0 16 16" aria-hidden="true">
      <circle class="mark-solid" cx="8" cy="8" r="1.8" />
    </svg>
  )
}
