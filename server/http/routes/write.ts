// What clients of InfluxDB 1.x expect of a server: /write, /ping and /query, with answers of its shape and not our
// problem documents (https://docs.influxdata.com/influxdb/v1/tools/api/).
import { CALLS } from '../../../protocol/api.ts'
import { BATCH_LIMITS } from '../../../protocol/wire.ts'
import { parseInput } from '../../access/verb.ts'
import { type WriterIdentity, writerKeyOf } from '../../access/writer-keys.ts'
import { createWriter } from '../../inventory/create-writer.ts'
import { revokeWriter } from '../../inventory/revoke-writer.ts'
import { listWriters, readWriter } from '../../inventory/writer-queries.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { problemFrom } from '../problem-response.ts'
import { readRequestBody } from '../read-request-body.ts'
import { machineRoute, type Route, type RouteContext, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

/** Some clients ask for the version before they write; what they find here speaks as 1.8 does. */
const SPOKEN_VERSION = '1.8.10'
const STATEMENT_BYTES = 64 * 1024
const TOLD_PROBLEMS = 20
const CREATE_DATABASE = /^\s*CREATE\s+DATABASE\s+("[^"]*"|\S+?)(\s+WITH\s[^;]*)?\s*;?\s*$/i

export const writeRoutes: readonly Route[] = [
  machineRoute('write', (services, context) =>
    answered(services, context, async () => {
      const writer = await writerOf(services, context)
      const { precision } = parseInput(CALLS.write.query, context.request.query)
      const { request, response } = context
      const answer = await services.acceptLines({
        writer,
        precision,
        body: await readRequestBody(request, BATCH_LIMITS.bodyBytes),
        contentEncoding: request.get('content-encoding'),
        client: clientOf(request.get('user-agent')),
      })
      if (answer.kind === 'problem') {
        const { code, detail, retryAfterS } = answer
        throw new ProblemError(code, detail, retryAfterS === undefined ? {} : { retryAfterS })
      }
      if (answer.problems.length === 0) return void response.status(204).end()
      const told = answer.problems.slice(0, TOLD_PROBLEMS).map(({ line, message }) => `line ${line}: ${message}`)
      const more = answer.problems.length - told.length
      if (more > 0) told.push(`and ${more} more`)
      refuse(context, 400, `partial write: ${told.join('; ')}; dropped=${answer.problems.length}`)
    }),
  ),
  machineRoute('writePing', async (_services, { response }) => {
    response.set('x-influxdb-version', SPOKEN_VERSION).set('x-influxdb-build', 'Pantau').status(204).end()
    return {}
  }),
  machineRoute('writeQuery', (services, context) =>
    answered(services, context, async () => {
      await writerOf(services, context)
      answerStatement(context, parseInput(CALLS.writeQuery.query, context.request.query).q)
    }),
  ),
  machineRoute('writeCommand', (services, context) =>
    answered(services, context, async () => {
      await writerOf(services, context)
      const { q } = parseInput(CALLS.writeCommand.query, context.request.query)
      const form = await readRequestBody(context.request, STATEMENT_BYTES)
      answerStatement(context, q ?? new URLSearchParams(form.toString('utf8')).get('q') ?? '')
    }),
  ),

  readRoute('writers', async services => ({ writers: await listWriters(services) })),
  verbRoute('createWriter', createWriter, async (services, _context, { id, key }) => ({
    writer: await readWriter(services, id),
    key,
  })),
  verbRoute('revokeWriter', revokeWriter, async (services, { params }, { deviceIds }) => {
    for (const id of deviceIds) await services.roster.refresh(id)
    return await readWriter(services, params.id ?? '')
  }),
]

/** Whose key came with the request. Errors: `unauthenticated`, `agent-revoked`. */
async function writerOf(services: Services, { request }: RouteContext): Promise<WriterIdentity> {
  const key = writerKeyOf({ authorization: request.get('authorization'), password: request.query.p })
  const writer = key === null ? null : await services.writerKeys.find(key)
  if (writer === null) throw new ProblemError('unauthenticated', 'The key of a writer is missing or unknown')
  if (writer.revoked) throw new ProblemError('agent-revoked', 'The key of this writer was revoked')
  return writer
}

/** `work` answers by itself; what it throws is told as InfluxDB tells it. */
async function answered(services: Services, context: RouteContext, work: () => Promise<void>): Promise<never> {
  try {
    await work()
  } catch (error) {
    const { status, title, detail, retryAfterS } = problemFrom(error, context.request, services.log)
    if (retryAfterS !== undefined) context.response.set('retry-after', String(retryAfterS))
    if (status === 401) context.response.set('www-authenticate', 'Basic realm="pantau"')
    refuse(context, status, detail ?? title)
  }
  return undefined as never
}

function refuse({ response }: RouteContext, status: number, error: string): void {
  if (response.headersSent) response.destroy()
  else response.set('cache-control', 'no-store').status(status).json({ error })
}

function answerStatement(context: RouteContext, statement: string): void {
  if (CREATE_DATABASE.test(statement)) {
    context.response.set('cache-control', 'no-store').json({ results: [{ statement_id: 0 }] })
    return
  }
  refuse(context, 400, 'Pantau takes lines here and answers CREATE DATABASE, nothing else; read from /api/v1 instead')
}

function clientOf(userAgent: string | undefined): string {
  const plain = (userAgent ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 50)
  return plain === '' ? 'line protocol' : plain
}
