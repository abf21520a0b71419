// The three kinds of answers: reading, changing through a verb, and machines that deliver.
import type { Request, Response } from 'express'
import type { z } from 'zod'
import { CALLS, type CallResponse, type Calls } from '../../protocol/api.ts'
import type { CallName } from '../../protocol/paths.ts'
import type { Authenticated } from '../access/authenticate.ts'
import { parseInput, type Verb, type VerbPermission } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Services } from './services.ts'

export type RouteContext = {
  request: Request
  response: Response
  /** Path parameters. */
  params: Record<string, string>
  who: Authenticated
  at: number
}

export type Route = {
  name: CallName
  kind: 'read' | 'verb' | 'machine'
  answer(services: Services, context: RouteContext): Promise<unknown>
}

type Query<N extends CallName> = Calls[N] extends { query: infer Q extends z.ZodType } ? z.output<Q> : undefined

/** Answers a GET; the query is parsed strictly. */
export function readRoute<N extends CallName>(
  name: N,
  read: (services: Services, context: RouteContext & { query: Query<N> }) => Promise<CallResponse<N>> | CallResponse<N>,
): Route {
  const call = CALLS[name]
  return {
    name,
    kind: 'read',
    answer: async (services, context) => {
      const query = 'query' in call ? parseInput(call.query, context.request.query) : undefined
      return await read(services, { ...context, query: query as Query<N> })
    },
  }
}

/** Changes something: body and path parameters go through the verb, which holds permission, transaction and audit. */
export function verbRoute<N extends CallName, R>(
  name: N,
  verb: Verb<Services, R, Extract<Calls[N]['access'], VerbPermission>>,
  respond: (services: Services, context: RouteContext, result: R) => Promise<CallResponse<N>> | CallResponse<N>,
  /** What the request itself can't be trusted to say, e.g. where it comes from. */
  more?: (context: RouteContext) => Record<string, unknown>,
): Route {
  return {
    name,
    kind: 'verb',
    answer: async (services, context) => {
      const input = { ...bodyOf(context.request, name), ...context.params, ...more?.(context) }
      const result = await verb.perform(services, context.who.actor, input)
      return await respond(services, context, result)
    },
  }
}

/** Takes what a machine delivers with a key or token of its own. */
export function machineRoute<N extends CallName>(
  name: N,
  take: (services: Services, context: RouteContext) => Promise<CallResponse<N>>,
): Route {
  return { name, kind: 'machine', answer: take }
}

function bodyOf(request: Request, name: CallName): Record<string, unknown> {
  const body: unknown = request.body ?? {}
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ProblemError('bad-request', 'The body must be an object')
  }
  const nothingCame = Object.keys(body).length === 0
  if (nothingCame && CALLS[name].access === 'credentials') {
    throw new ProblemError('unauthenticated', 'No credentials came with the request')
  }
  return { ...body }
}
