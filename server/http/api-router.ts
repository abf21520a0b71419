import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { CALLS } from '../../protocol/api.ts'
import { type CallName, PATHS } from '../../protocol/paths.ts'
import { type Authenticated, authenticate, NOBODY } from '../access/authenticate.ts'
import { isCrossSite } from '../access/csrf.ts'
import { requirePermission } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Route } from './route.ts'
import { accountRoutes } from './routes/account.ts'
import { agentTaskRoutes } from './routes/agent-tasks.ts'
import { agentRoutes } from './routes/agents.ts'
import { auditRoutes } from './routes/audit.ts'
import { backupRoutes } from './routes/backups.ts'
import { channelRoutes } from './routes/channels.ts'
import { deliveryRoutes } from './routes/deliver.ts'
import { deviceRoutes } from './routes/devices.ts'
import { drcRoutes } from './routes/drc.ts'
import { dutyRoutes } from './routes/duties.ts'
import { exportRoutes } from './routes/export.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { linkRoutes } from './routes/links.ts'
import { maintenanceRoutes } from './routes/maintenance.ts'
import { pingRoutes } from './routes/pings.ts'
import { placeRoutes } from './routes/places.ts'
import { registerRoutes } from './routes/registers.ts'
import { ruleRoutes } from './routes/rules.ts'
import { watchRoutes } from './routes/watch.ts'
import { writeRoutes } from './routes/write.ts'
import type { Services } from './services.ts'

export const ROUTES: readonly Route[] = [
  ...accountRoutes,
  ...deliveryRoutes,
  ...writeRoutes,
  ...watchRoutes,
  ...exportRoutes,
  ...pingRoutes,
  ...backupRoutes,
  ...incidentRoutes,
  ...drcRoutes,
  ...dutyRoutes,
  ...registerRoutes,
  ...ruleRoutes,
  ...agentRoutes,
  ...agentTaskRoutes,
  ...placeRoutes,
  ...linkRoutes,
  ...maintenanceRoutes,
  ...deviceRoutes,
  ...channelRoutes,
  ...auditRoutes,
]

/** Calls with a body of their own form and size. */
const READ_BY_THEMSELVES: readonly CallName[] = [
  ...(['ingest', 'push', 'write', 'writeQuery', 'writeCommand'] as const),
  ...(['pingWithText', 'pingStepWithText'] as const),
]
const BODY_LIMIT_BYTES = 64 * 1024
/** Calls that carry a file, in base64: a third longer than the file itself. */
const FILE_LIMIT_BYTES = 24 * 1024 * 1024
const WITH_FILE: readonly CallName[] = ['attachToRecord', 'importRegister']

/** All calls of the table, each with exactly one route; a call without a route is a mistake that stops the start. */
export function apiRouter(services: Services): Router {
  const router = express.Router()
  const json = express.json({ limit: BODY_LIMIT_BYTES, type: 'application/json' })
  const jsonWithFile = express.json({ limit: FILE_LIMIT_BYTES, type: 'application/json' })
  for (const name of Object.keys(PATHS) as CallName[]) {
    const [route, ...others] = ROUTES.filter(candidate => candidate.name === name)
    if (route === undefined || others.length > 0) throw new Error(`call ${name} needs exactly one route`)
    const [method, path] = PATHS[name]
    const handler = async (request: Request, response: Response) => {
      const answer = await route.answer(services, {
        request,
        response,
        params: stringsOf(request.params),
        who: authenticatedOf(response),
        at: services.now(),
      })
      if (!response.headersSent) sendAnswer(response, answer)
    }
    const parsers = READ_BY_THEMSELVES.includes(name) ? [] : [WITH_FILE.includes(name) ? jsonWithFile : json]
    router[lowerCase(method)](path, admit(services, name), ...parsers, handler)
  }
  return router
}

/** Without the tag that response.json() makes of each body: what nobody may keep needs none. */
function sendAnswer(response: Response, answer: unknown): void {
  const body = Buffer.from(JSON.stringify(answer))
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('content-length', body.byteLength)
  response.end(body)
}

/** Under /api nothing is answered to strangers, not even what exists. */
export function refuseUnknownApi(services: Services) {
  return async (request: Request) => {
    const { actor } = await identify(services, request)
    throw new ProblemError(actor.kind === 'anonymous' ? 'unauthenticated' : 'not-found', 'There is no such call')
  }
}

/** Who asks, may they, and does it come from our own pages. Before anything of the body is read. */
function admit(services: Services, name: CallName) {
  const { access } = CALLS[name]
  // A machine shows its own key at its own door: looking it up among those of people would cost a query a batch.
  if (access === 'agent' || access === 'writer' || access === 'address') {
    return (_request: Request, response: Response, next: NextFunction) => {
      response.locals.who = NOBODY
      next()
    }
  }
  return async (request: Request, response: Response, next: NextFunction) => {
    const who = await identify(services, request)
    response.locals.who = who
    if (access !== 'open') {
      requirePermission(who.actor, access)
      const crossSite = isCrossSite({
        method: request.method,
        secFetchSite: request.get('sec-fetch-site'),
        origin: request.get('origin'),
        host: request.get('host'),
        contentType: request.get('content-type'),
        hasCookie: request.get('cookie') !== undefined && request.get('authorization') === undefined,
      })
      if (crossSite) throw new ProblemError('cross-site')
    }
    next()
  }
}

export async function identify(services: Services, request: Request): Promise<Authenticated> {
  return await authenticate(services, {
    cookieHeader: request.get('cookie'),
    authorizationHeader: request.get('authorization'),
    https: services.isHttps(request),
    at: services.now(),
  })
}

function authenticatedOf(response: Response): Authenticated {
  return response.locals.who as Authenticated
}

function lowerCase(method: 'GET' | 'POST' | 'PUT' | 'DELETE') {
  const lower = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const
  return lower[method]
}

function stringsOf(params: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}
