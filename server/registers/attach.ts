import { z } from 'zod'
import { REGISTER_CALLS } from '../../protocol/register-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Blobs } from '../stores/blobs.ts'
import { requireStanding } from './write-record.ts'

export const ATTACHMENT_BYTES_AT_MOST = 16 * 1024 * 1024

/** What evidence comes as. The first bytes must be those of the type: a name alone proves nothing. */
const MEDIA_TYPES: Record<string, { extensions: readonly string[]; begins: readonly string[] }> = {
  'application/pdf': { extensions: ['pdf'], begins: ['%PDF-'] },
  'image/png': { extensions: ['png'], begins: ['\x89PNG\r\n'] },
  'image/jpeg': { extensions: ['jpg', 'jpeg'], begins: ['\xff\xd8\xff'] },
  'text/plain': { extensions: ['txt'], begins: [] },
  'text/csv': { extensions: ['csv'], begins: [] },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { extensions: ['xlsx'], begins: ['PK\x03\x04'] },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': {
    extensions: ['docx'],
    begins: ['PK\x03\x04'],
  },
}

/** What is wrong with a file, or null. Pure. */
export function problemOfFile(name: string, mediaType: string, content: Buffer): string | null {
  const known = Object.hasOwn(MEDIA_TYPES, mediaType) ? MEDIA_TYPES[mediaType] : undefined
  if (known === undefined) return `mediaType: must be one of ${Object.keys(MEDIA_TYPES).join(', ')}`
  if (content.length === 0) return 'contentBase64: the file is empty'
  if (/[/\\\p{Cc}]/u.test(name)) return 'name: must be a plain file name'
  const extension = name.split('.').at(-1)?.toLowerCase() ?? ''
  if (!known.extensions.includes(extension)) return `name: must end with .${known.extensions.join(' or .')}`
  const head = content.subarray(0, 16).toString('latin1')
  const begins = known.begins.length === 0 || known.begins.some(bytes => head.startsWith(bytes))
  if (!begins) return `contentBase64: these are not the bytes of a ${extension} file`
  return known.begins.length === 0 && content.includes(0) ? 'contentBase64: this is not text' : null
}

/** Keeps a file with a record; the same file twice is kept once. Errors: `bad-request`, `too-large`, `not-found`. */
export const attachToRecord = defineVerb({
  name: 'register.attach',
  permission: 'registers:write',
  input: z.strictObject({ id: recordId, ...REGISTER_CALLS.attachToRecord.body.shape }),
  async prepare({ deps, at }: { deps: VerbDeps & { blobs: Blobs }; at: number }, { name, mediaType, contentBase64 }) {
    const content = Buffer.from(contentBase64, 'base64')
    if (content.length > ATTACHMENT_BYTES_AT_MOST) throw new ProblemError('too-large')
    const problem = problemOfFile(name, mediaType, content)
    if (problem !== null) throw new ProblemError('bad-request', problem)
    return { sha256: await deps.blobs.put(content, at), bytes: content.length }
  },
  async run({ tx, actor, at }, { id, name, mediaType }, { sha256, bytes }) {
    const { kind } = await requireStanding(tx, id)
    await tx
      .insertInto('register_attachment')
      .values({
        ...{ id: newId(at), record_id: id, sha256, name, media_type: mediaType, bytes },
        ...{ added_at: at, added_by: actor.id },
      })
      .onConflict(conflict => conflict.columns(['record_id', 'sha256']).doNothing())
      .execute()
    return { register: kind, sha256, bytes }
  },
  audit: ({ id }, { sha256, bytes }) => ({ subject: id, detail: { sha256, bytes } }),
  committed: (deps, { id }, { register }) => deps.changes.append({ kind: 'register', id, register }),
})
