// The three changes that a record can undergo, inside the transaction of the verb. Nothing is ever overwritten.
import type { RegisterInput } from '../../protocol/register-views.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { RegisterKind } from './kinds/kind.ts'
import { problemsOfContent } from './record-content.ts'
import { rowOf, type VersionRow } from './record-rows.ts'
import { readSubjects, type SubjectDirectory } from './subjects.ts'

type By = { at: number; actorId: string; source: string }

/** Errors: `bad-request` with each place. `subjects` is read anew where it is not at hand. */
export async function refuseWrongContent(
  tx: RecordsTransaction,
  kind: RegisterKind,
  input: RegisterInput,
  subjects?: SubjectDirectory,
): Promise<void> {
  const issues = problemsOfContent(kind, input)
  if (input.subjects.length > 0) {
    const known = subjects ?? (await readSubjects(tx))
    for (const [index, subject] of input.subjects.entries()) {
      if (known.get(subject.id)?.kind !== subject.kind) {
        issues.push({
          path: `subjects.${index}`,
          message: `there is no ${subject.kind} with this id`,
          code: 'not-found',
        })
      }
    }
  }
  if (issues.length === 0) return
  throw new ProblemError('bad-request', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), { issues })
}

/** Answers the id of the record. */
export async function enterRecord(
  tx: RecordsTransaction,
  kind: RegisterKind,
  input: RegisterInput,
  by: By,
): Promise<string> {
  const recordId = newId(by.at)
  await tx
    .insertInto('register_version')
    .values(
      rowOf(input, {
        ...{ id: newId(by.at), record_id: recordId, version: 1, kind: kind.kind },
        ...{ entered_at: by.at, entered_by: by.actorId, source: by.source, supersedes: null },
      }),
    )
    .execute()
  return recordId
}

/** The version that stands ends, and one with the new content stands in its place. */
export async function replaceVersion(
  tx: RecordsTransaction,
  standing: VersionRow,
  input: RegisterInput,
  by: By,
): Promise<void> {
  await endVersion(tx, standing, by, null)
  await tx
    .insertInto('register_version')
    .values(
      rowOf(input, {
        ...{ id: newId(by.at), record_id: standing.record_id, version: standing.version + 1, kind: standing.kind },
        ...{ entered_at: by.at, entered_by: by.actorId, source: by.source, supersedes: standing.id },
      }),
    )
    .execute()
}

export async function endVersion(
  tx: RecordsTransaction,
  standing: VersionRow,
  by: Omit<By, 'source'>,
  withdrawnReason: string | null,
): Promise<void> {
  await tx
    .updateTable('register_version')
    .set({ ended_at: by.at, ended_by: by.actorId, withdrawn_reason: withdrawnReason })
    .where('id', '=', standing.id)
    .execute()
}

/** The version that stands. Errors: `not-found`, `wrong-state` for a record that was withdrawn. */
export async function requireStanding(tx: RecordsTransaction, recordId: string): Promise<VersionRow> {
  const row = await tx
    .selectFrom('register_version')
    .selectAll()
    .where('record_id', '=', recordId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no record with this id')
  if (row.ended_at !== null) throw new ProblemError('wrong-state', 'This record was withdrawn')
  return row
}
