import type { CallBody, CallQuery, CallResponse } from '../../../protocol/api.ts'
import { type CallName, PATHS } from '../../../protocol/paths.ts'
import { ApiError, errorFromAnswer } from './api-error.ts'

type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never

type Params<N extends CallName> = [ParamNames<(typeof PATHS)[N][1]>] extends [never]
  ? { params?: never }
  : { params: Record<ParamNames<(typeof PATHS)[N][1]>, string> }
type Body<N extends CallName> = CallBody<N> extends undefined ? { body?: never } : { body: CallBody<N> }
type Query<N extends CallName> = CallQuery<N> extends undefined ? { query?: never } : { query: CallQuery<N> }

export type CallOptions<N extends CallName> = Params<N> & Body<N> & Query<N> & { signal?: AbortSignal }
type CallArguments<N extends CallName> =
  Record<never, never> extends CallOptions<N> ? [options?: CallOptions<N>] : [options: CallOptions<N>]

const TIMEOUT_MS = 20_000
/** These prove themselves in the request: their 401 is about what was typed, not about the session. */
const CREDENTIAL_CALLS: ReadonlySet<CallName> = new Set(['signIn', 'setUp', 'changePassword'])

let onUnauthenticated: () => void = () => {}

/** Who is told when the collector does not know the session any more. */
export function setUnauthenticatedHandler(handler: () => void): void {
  onUnauthenticated = handler
}

/** The address of a call: parameters in the path, the rest as query; an undefined query value is left out. */
export function addressOf(
  path: string,
  params: Record<string, string> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`the path ${path} needs "${name}"`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}

/**
 * One call of the collector's API. Answers with its view or throws an `ApiError`. Nothing is sent twice: a change whose
 * answer was lost may have been made, and only a person can tell.
 */
export async function call<N extends CallName>(name: N, ...[options]: CallArguments<N>): Promise<CallResponse<N>> {
  const [method, path] = PATHS[name]
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const signal = options?.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  const init: RequestInit = { method, credentials: 'same-origin', signal, headers: { accept: 'application/json' } }
  if (options?.body !== undefined) {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
    init.body = JSON.stringify(options.body)
  }
  let response: Response
  let body: unknown
  try {
    response = await fetch(addressOf(path, options?.params ?? {}, options?.query ?? {}), init)
    body = await response.json().catch(() => null)
  } catch (cause) {
    if (options?.signal?.aborted) throw cause
    throw new ApiError(timeout.aborted ? 'timeout' : 'offline')
  }
  if (!response.ok) {
    if (response.status === 401 && !CREDENTIAL_CALLS.has(name)) onUnauthenticated()
    throw errorFromAnswer(response.status, body, response.headers.get('retry-after'))
  }
  if (body === null) throw new ApiError('unreadable', { status: response.status })
  return body as CallResponse<N>
}
