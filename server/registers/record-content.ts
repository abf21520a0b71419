// What a record may hold: the input that all registers share, the fields of the kind, and dates that make sense.

import type { ProblemIssue } from '../../protocol/problem.ts'
import type { RegisterInput } from '../../protocol/register-views.ts'
import { readInput } from '../platform/read-input.ts'
import { fieldsSchema, type RegisterKind } from './kinds/kind.ts'

/** All that is wrong, each with its place ("fields.heldOn"); empty when the record may be kept. Pure. */
export function problemsOfContent(kind: RegisterKind, input: RegisterInput): ProblemIssue[] {
  const read = readInput(fieldsSchema(kind), input.fields, ['fields'])
  const problems = 'issues' in read ? read.issues : []
  if (kind.legalBasis === 'required' && input.legalBasis === null) {
    problems.push({ path: 'legalBasis', message: 'this register takes nothing without a legal basis', code: 'missing' })
  }
  if (input.validFrom !== null && input.validUntil !== null && input.validUntil < input.validFrom) {
    problems.push({ path: 'validUntil', message: 'must not lie before validFrom', code: 'too-early' })
  }
  for (const [index, subject] of input.subjects.entries()) {
    if (!kind.subjects.includes(subject.kind)) {
      problems.push({
        path: `subjects.${index}`,
        message: `must be one of ${kind.subjects.join(', ')}`,
        code: 'not-allowed',
      })
    }
  }
  return problems
}
