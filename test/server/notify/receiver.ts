// A real HTTP receiver of webhooks that keeps what it got and answers as it is told.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { atEnd } from './house.ts'

export type ReceivedPost = { path: string; headers: IncomingHttpHeaders; body: string }

export async function startReceiver(
  answer: (response: ServerResponse, count: number) => void = response => response.writeHead(204).end(),
) {
  const posts: ReceivedPost[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      posts.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(response, posts.length)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver got no port')
  atEnd(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  return {
    posts,
    url: `http://127.0.0.1:${address.port}/hook`,
    /** Breaks every connection that still waits for an answer. */
    breakOff: () => server.closeAllConnections(),
  }
}
