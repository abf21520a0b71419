import type { Measure } from './measure.ts'

/** For how long the oldest duty has been without a value. The engine of the duties judges it, over all of them at once. */
export const dutyUnmeasuredDays: Measure = { unit: 'days', parameters: [], cadence: 'duties', evaluate: () => [] }
