// Calls of the registers.
import { z } from 'zod'
import type { Call } from './call.ts'
import { attachmentView, importView, registerInput, registerKindView, registerRecordView } from './register-views.ts'
import { recordId } from './shapes.ts'

/** A file inside JSON: only JSON can't be sent by another site's form. */
const file = {
  name: z.string().min(1).max(200),
  contentBase64: z.base64(),
}
const wholeRecord = z.strictObject({
  record: registerRecordView,
  /** Earlier versions, newest first. */
  versions: z.array(registerRecordView),
  attachments: z.array(attachmentView),
})

export const REGISTER_CALLS = {
  registerKinds: {
    summary: 'Kinds of registers with the fields of each',
    access: 'read',
    response: z.strictObject({ kinds: z.array(registerKindView) }),
  },
  registerRecords: {
    summary: 'Records of one kind, newest first',
    access: 'read',
    query: z.strictObject({
      kind: z.string().max(50),
      /** Only what is about this subject. */
      subject: recordId.optional(),
      /** Only what was withdrawn; else only what stands. */
      withdrawn: z.enum(['yes', 'no']).default('no'),
      limit: z.coerce.number().int().min(1).max(2000).default(500),
    }),
    response: z.strictObject({ records: z.array(registerRecordView) }),
  },
  registerRecord: { summary: 'One record, its versions and files', access: 'read', response: wholeRecord },
  createRegisterRecord: {
    summary: 'Enter a record',
    access: 'registers:write',
    body: z.strictObject({ kind: z.string().max(50), ...registerInput.shape }),
    response: wholeRecord,
  },
  correctRegisterRecord: {
    summary: 'Correct a record: a new version stands, the old one is kept',
    access: 'registers:write',
    body: registerInput,
    response: wholeRecord,
  },
  withdrawRegisterRecord: {
    summary: 'Withdraw a record; it is kept, with the reason',
    access: 'registers:write',
    body: z.strictObject({ reason: z.string().trim().min(3).max(500) }),
    response: wholeRecord,
  },
  attachToRecord: {
    summary: 'Keep a file with a record, under its hash',
    access: 'registers:write',
    body: z.strictObject({ ...file, mediaType: z.string().min(3).max(100) }),
    response: wholeRecord,
  },
  attachment: { summary: 'The bytes of a file', access: 'read', response: z.strictObject({}) },
  importRegister: {
    summary: 'Take in a CSV or XLSX file; `preview` says what would happen and changes nothing',
    access: 'registers:write',
    body: z.strictObject({
      ...file,
      /** For a file whose sheets don't say which register they are. */
      kind: z.string().max(50).optional(),
      mode: z.enum(['preview', 'apply']),
    }),
    response: importView,
  },
} as const satisfies Record<string, Call>
