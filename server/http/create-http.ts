import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express, { type NextFunction, type Request, type Response } from 'express'
import { requirePermission } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { apiRouter, identify, refuseUnknownApi } from './api-router.ts'
import { createDirectDoor } from './direct-door.ts'
import { serveInstallFiles } from './install-files.ts'
import { openApiDocument } from './openapi.ts'
import { problemFrom, sendProblem } from './problem-response.ts'
import { setSecurityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'

export type HttpOptions = {
  services: Services
  /** Directory of the built pages. */
  pages: string
}

/** The collector's whole HTTP face. It never listens itself: listeners.ts hands requests over. */
export function createHttp({ services, pages }: HttpOptions): Server {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use((request, response, next) => {
    setSecurityHeaders(request, response)
    next()
  })
  const count = countRequests(services)
  app.use((request, response, next) => {
    response.on('finish', () => count(request.method, response.statusCode))
    next()
  })

  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n')
  })
  app.get('/readyz', async (_request, response) => {
    const troubles = await services.troubles()
    response.status(troubles.length === 0 ? 200 : 503).json({ ready: troubles.length === 0, troubles })
  })
  app.get('/metrics', async (request, response) => {
    requirePermission((await identify(services, request)).actor, 'read')
    response.type('text/plain; version=0.0.4').send(await services.metrics.text())
  })
  app.get('/api/openapi.json', async (request, response) => {
    requirePermission((await identify(services, request)).actor, 'read')
    response.json(openApiDocument(services.version))
  })
  serveInstallFiles(app, services)
  app.use(apiRouter(services))
  app.use('/api', refuseUnknownApi(services))
  servePages(app, pages)

  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    sendProblem(response, problemFrom(error, request, services.log))
  })
  const isTaken = createDirectDoor(services, count)
  return createServer((request, response) => {
    if (!isTaken(request, response)) app(request, response)
  })
}

/** Files of the page with hashed names are kept for ever; the page itself is asked for each time. */
function servePages(app: express.Express, pages: string): void {
  app.use('/assets', express.static(join(pages, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }))
  app.use(express.static(pages, { index: false, cacheControl: false }))
  app.use((request, response) => {
    const wantsPage = (request.method === 'GET' || request.method === 'HEAD') && request.accepts('html') !== false
    if (!wantsPage) throw new ProblemError('not-found', 'There is nothing at this address')
    const index = join(pages, 'index.html')
    if (!existsSync(index)) {
      response.status(503).type('text/plain').send('The pages are not built: run "npm start" or "npm run build".\n')
      return
    }
    response.set('cache-control', 'no-cache').sendFile(index)
  })
}

function countRequests({ metrics }: Services): (method: string, status: number) => void {
  const requests = metrics.counter('pantau_http_requests_total', 'Answered HTTP requests by method and status.')
  const counts = new Map<string, () => void>()
  return (method, status) => {
    const key = `${method} ${status}`
    const known = counts.get(key) ?? requests.of({ method, status: String(status) })
    counts.set(key, known)
    known()
  }
}
