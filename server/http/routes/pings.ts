// The addresses that jobs call: https://healthchecks.io/docs/http_api/. A ping is answered when it is on the disk. The
// address is the secret: it stands in no log and in no answer.
import type { IncomingMessage } from 'node:http'
import { type PingStep, stepOf } from '../../backups/fold-pings.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { StorageError } from '../../stores/durable/storage-error.ts'
import { machineRoute, type Route, type RouteContext } from '../route.ts'
import type { Services } from '../services.ts'

const KEPT_BYTES = 4 * 1024
/** Whoever sends more than this as the output of a job has sent enough: the ping counts, the rest is not waited for. */
const READ_BYTES = 1024 * 1024

export const pingRoutes: readonly Route[] = [
  machineRoute('ping', (services, context) => takePing(services, context, 'success')),
  machineRoute('pingWithText', (services, context) => takePing(services, context, 'success')),
  machineRoute('pingStep', (services, context) => takePing(services, context, requireStep(context))),
  machineRoute('pingStepWithText', (services, context) => takePing(services, context, requireStep(context))),
]

/** Not told apart from a token that nobody has. */
function requireStep({ params }: RouteContext): PingStep {
  const step = stepOf(params.step ?? '')
  if (step === null) throw unknownAddress()
  return step
}

function unknownAddress(): ProblemError {
  return new ProblemError('not-found', 'There is nothing at this address')
}

async function takePing(services: Services, { request, response, params, at }: RouteContext, step: PingStep) {
  const text = async () => (request.method === 'POST' ? await readTail(request) : '')
  const taken = await services.pings.take({ token: params.token ?? '', step, text, at }).catch(error => {
    throw problemOf(error, services)
  })
  if (taken.kind === 'unknown') throw unknownAddress()
  if (taken.kind === 'too-many') {
    throw new ProblemError('too-many-requests', undefined, { retryAfterS: Math.ceil(taken.waitMs / 1000) })
  }
  response.set('cache-control', 'no-store').type('text/plain').send('OK')
  return {}
}

/** What goes wrong is told without the address. */
function problemOf(error: unknown, { log }: Services): ProblemError {
  log.error({ err: error }, 'A ping could not be kept; its job was told so')
  const isFull =
    (error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL') ||
    (error instanceof StorageError && error.code === 'storage-full')
  return new ProblemError(isFull ? 'storage-full' : 'unavailable', 'The ping was not kept: call again')
}

/** The end of what a job says, where it says what went wrong. A connection that breaks has pinged all the same. */
async function readTail(request: IncomingMessage): Promise<string> {
  let kept = Buffer.alloc(0)
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      kept = Buffer.concat([kept, chunk]).subarray(-KEPT_BYTES)
      if (bytes > READ_BYTES) break
    }
  } catch {
    // What came is kept.
  }
  return kept.toString('utf8')
}
