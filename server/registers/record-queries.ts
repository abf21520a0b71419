// What the pages read of the registers.
import type { AttachmentView, RegisterRecordView } from '../../protocol/register-views.ts'
import { namesOfUsers } from '../access/user-queries.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import { contentOf, type VersionRow } from './record-rows.ts'
import { readSubjects } from './subjects.ts'

/** Newest first: what stands, or what was withdrawn. */
export async function listRecords(
  records: Records,
  question: { kind: string; subject?: string | undefined; withdrawn: 'yes' | 'no'; limit: number },
): Promise<RegisterRecordView[]> {
  const rows = await records
    .selectFrom('register_version')
    .selectAll()
    .where('kind', '=', question.kind)
    .where('ended_at', question.withdrawn === 'yes' ? 'is not' : 'is', null)
    .$if(question.withdrawn === 'yes', query => query.where('withdrawn_reason', 'is not', null))
    // An id is hex and dashes: nothing in it means something to `like`.
    .$if(question.subject !== undefined, query => query.where('subjects', 'like', `%"${question.subject ?? ''}"%`))
    .orderBy('entered_at', 'desc')
    .orderBy('id', 'desc')
    .limit(question.limit)
    .execute()
  return await viewsOf(records, rows)
}

/** Errors: `not-found`. */
export async function readRecord(
  records: Records,
  recordId: string,
): Promise<{ record: RegisterRecordView; versions: RegisterRecordView[]; attachments: AttachmentView[] }> {
  const rows = await records
    .selectFrom('register_version')
    .selectAll()
    .where('record_id', '=', recordId)
    .orderBy('version', 'desc')
    .execute()
  const [record, ...versions] = await viewsOf(records, rows)
  if (record === undefined) throw new ProblemError('not-found', 'There is no record with this id')
  const files = await records
    .selectFrom('register_attachment')
    .selectAll()
    .where('record_id', '=', recordId)
    .orderBy('added_at')
    .execute()
  const names = await namesOfUsers(
    records,
    files.map(file => file.added_by),
  )
  return {
    record,
    versions,
    attachments: files.map(file => ({
      id: file.id,
      name: file.name,
      mediaType: file.media_type,
      bytes: file.bytes,
      sha256: file.sha256,
      addedAt: file.added_at,
      addedBy: names.get(file.added_by) ?? file.added_by,
    })),
  }
}

/** Errors: `not-found`. */
export async function readAttachment(
  records: Records,
  id: string,
): Promise<{ name: string; mediaType: string; sha256: string }> {
  const row = await records.selectFrom('register_attachment').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no file with this id')
  return { name: row.name, mediaType: row.media_type, sha256: row.sha256 }
}

async function viewsOf(records: Records, rows: readonly VersionRow[]): Promise<RegisterRecordView[]> {
  const subjects = await readSubjects(records)
  const names = await namesOfUsers(
    records,
    rows.flatMap(row => [row.entered_by, row.ended_by ?? '']),
  )
  const files = await records
    .selectFrom('register_attachment')
    .select(['record_id', eb => eb.fn.countAll<number>().as('files')])
    .groupBy('record_id')
    .execute()
  const filesOf = new Map(files.map(row => [row.record_id, Number(row.files)]))
  return rows.map(row => {
    const content = contentOf(row)
    return {
      id: row.record_id,
      kind: row.kind,
      version: row.version,
      ...content,
      subjects: content.subjects.map(subject => ({ ...subject, name: subjects.get(subject.id)?.name ?? subject.id })),
      enteredAt: row.entered_at,
      enteredBy: names.get(row.entered_by) ?? row.entered_by,
      source: row.source,
      withdrawn:
        row.withdrawn_reason === null
          ? null
          : {
              at: row.ended_at ?? row.entered_at,
              by: names.get(row.ended_by ?? '') ?? row.ended_by ?? '',
              reason: row.withdrawn_reason,
            },
      attachments: filesOf.get(row.record_id) ?? 0,
    }
  })
}
