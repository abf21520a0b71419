// Samples as a file: what goes into the question.
import { z } from 'zod'
import type { Call } from './call.ts'
import { instant, labelsQuery, metricName, recordId } from './shapes.ts'
import { AGGREGATES, EXPORT_FORMATS } from './vocabulary.ts'

export const EXPORT_CALLS = {
  exportSeries: {
    summary:
      'The samples of one metric of one server as a file, streamed: a row a sample, or with stepMs a row a step that has data',
    access: 'read',
    query: z.strictObject({
      subject: recordId,
      metric: metricName,
      /** Only series that carry these labels, as JSON object. */
      labels: labelsQuery.optional(),
      from: z.coerce.number().pipe(instant),
      to: z.coerce.number().pipe(instant),
      format: z.enum(EXPORT_FORMATS),
      stepMs: z.coerce
        .number()
        .int()
        .min(1_000)
        .max(31 * 24 * 3_600_000)
        .optional(),
      aggregate: z.enum(AGGREGATES).default('avg'),
    }),
    response: z.strictObject({}),
  },
} as const satisfies Record<string, Call>
