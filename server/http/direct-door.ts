// Batches come by the thousand a second: they go past Express, by the same steps and with the same answers.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PATHS } from '../../protocol/paths.ts'
import { problemFrom, sendProblem } from './problem-response.ts'
import { takeBatch } from './routes/deliver.ts'
import { securityHeaders, setSecurityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'

const [METHOD, PATH] = PATHS.ingest
const ANSWER_HEADERS = ['cache-control', 'no-store', 'content-type', 'application/json; charset=utf-8']

/** Whether the request was a batch, which it then answers. */
export function createDirectDoor(
  services: Services,
  count: (method: string, status: number) => void,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = JSON.stringify(await takeBatch(services, request))
      // In one piece: headers that are set one by one are looked at one by one, and so are pieces that are written.
      const headers = [...securityHeaders(request), ...ANSWER_HEADERS, 'content-length', String(body.length)]
      response.writeHead(200, headers)
      response.end(body, 'latin1')
    } catch (error) {
      setSecurityHeaders(request, response)
      sendProblem(response, problemFrom(error, request, services.log))
    }
    count(METHOD, response.statusCode)
  }

  return (request, response) => {
    if (request.url !== PATH || request.method !== METHOD) return false
    void answer(request, response)
    return true
  }
}
