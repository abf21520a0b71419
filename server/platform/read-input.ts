// A body held against its schema: what is wrong, place by place, with a code that pages translate.
import type { z } from 'zod'
import type { IssueCode, ProblemIssue } from '../../protocol/problem.ts'

const MOST_ISSUES = 20
const LONGEST_LIST = 200

const FORMATS: Record<string, IssueCode> = {
  ...{ email: 'not-an-email', url: 'not-a-url', ipv4: 'not-an-address', ipv6: 'not-an-address' },
  ...{ date: 'not-a-date', datetime: 'not-a-date' },
}
const SIZES: Record<string, readonly [below: IssueCode, above: IssueCode]> = {
  ...{ string: ['too-short', 'too-long'], array: ['too-few', 'too-many'], set: ['too-few', 'too-many'] },
}
const NUMBERS = ['too-small', 'too-large'] as const

/** The value as the schema has it, or all that is wrong with it; `place` comes before each path. */
export function readInput<I extends z.ZodType>(
  schema: I,
  raw: unknown,
  place: readonly string[] = [],
): { data: z.output<I> } | { issues: ProblemIssue[] } {
  const parsed = schema.safeParse(raw, { reportInput: true })
  if (parsed.success) return { data: parsed.data }
  return {
    issues: parsed.error.issues.slice(0, MOST_ISSUES).map(issue => ({
      ...{ path: [...place, ...issue.path].join('.'), message: issue.message },
      ...meaningOf(issue),
    })),
  }
}

function meaningOf(issue: z.core.$ZodIssue): Pick<ProblemIssue, 'code' | 'limit'> {
  switch (issue.code) {
    case 'invalid_type':
      return { code: issue.input === undefined ? 'missing' : 'wrong-kind' }
    case 'too_small': {
      const limit = Number(issue.minimum)
      const [code] = SIZES[issue.origin] ?? NUMBERS
      // At least one of something: nothing was entered.
      return limit === 1 && code !== 'too-small' ? { code: 'missing' } : { code, limit }
    }
    case 'too_big':
      return { code: (SIZES[issue.origin] ?? NUMBERS)[1], limit: Number(issue.maximum) }
    case 'invalid_format':
      return { code: FORMATS[issue.format] ?? 'wrong-form' }
    case 'invalid_value': {
      const allowed = issue.values.map(String).join(', ')
      if (issue.input === undefined) return { code: 'missing' }
      return { code: 'not-allowed', ...(allowed.length <= LONGEST_LIST ? { limit: allowed } : {}) }
    }
    case 'unrecognized_keys':
      return { code: 'unknown-field', limit: issue.keys.join(', ').slice(0, LONGEST_LIST) }
    case 'custom':
      return { code: issue.params?.code === 'too-early' ? 'too-early' : 'other' }
    default:
      return { code: 'wrong-form' }
  }
}
