// The numbers and names of the wire that an agent needs at run time. Without zod: it alone would cost an agent 19 MB.

/** Version of the wire. The collector serves this one and the one before. */
export const WIRE_VERSION = 1

export const BATCH_LIMITS = {
  bodyBytes: 4 * 1024 * 1024,
  series: 5_000,
  pointsPerSeries: 1_000,
  facts: 500,
  /** Samples older than this are refused by the store. */
  lateMs: 30 * 24 * 3_600_000,
} as const

/** How long an agent may ask the collector to hold its question for orders. */
export const LONGEST_WAIT_S = 55
/** Tasks that an agent takes at once. */
export const MOST_TASKS = 10
export const TASK_LIMITS = { count: 5, reason: 300 } as const

/** Headers that are true only at the moment of sending, so that the spooled body stays byte for byte the same. */
export const SENT_AT_HEADER = 'pantau-sent-at'
export const LANE_HEADER = 'pantau-lane'
