import { ProblemError } from '../../platform/problem-error.ts'
import { attachToRecord } from '../../registers/attach.ts'
import { correctRegisterRecord } from '../../registers/correct-record.ts'
import { createRegisterRecord } from '../../registers/create-record.ts'
import { importRegister } from '../../registers/import-records.ts'
import { REGISTER_KINDS } from '../../registers/kinds/registry.ts'
import { listRecords, readAttachment, readRecord } from '../../registers/record-queries.ts'
import { withdrawRegisterRecord } from '../../registers/withdraw-record.ts'
import { type Route, type RouteContext, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

export const registerRoutes: readonly Route[] = [
  readRoute('registerKinds', () => ({ kinds: [...REGISTER_KINDS] })),
  readRoute('registerRecords', async ({ records }, { query }) => ({ records: await listRecords(records, query) })),
  readRoute('registerRecord', ({ records }, { params }) => readRecord(records, params.id ?? '')),
  verbRoute('createRegisterRecord', createRegisterRecord, ({ records }, _context, { recordId }) =>
    readRecord(records, recordId),
  ),
  verbRoute('correctRegisterRecord', correctRegisterRecord, thatRecord),
  verbRoute('withdrawRegisterRecord', withdrawRegisterRecord, thatRecord),
  verbRoute('attachToRecord', attachToRecord, thatRecord),
  verbRoute('importRegister', importRegister, (_services, _context, result) => result),
  readRoute('attachment', async ({ records, blobs }, { params, response }) => {
    const file = await readAttachment(records, params.id ?? '')
    const content = await blobs.get(file.sha256)
    if (content === null || content === 'damaged') {
      throw new ProblemError('not-found', `The file of this record is ${content === null ? 'gone' : 'damaged'}`)
    }
    response.set('content-type', file.mediaType).set('cache-control', 'no-store')
    // Never shown in place: what people upload must not act on our pages.
    response.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
    response.end(content)
    return {}
  }),
]

function thatRecord({ records }: Services, { params }: RouteContext) {
  return readRecord(records, params.id ?? '')
}
