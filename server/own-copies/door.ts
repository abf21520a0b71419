// The collector's door for `pantau backup-self` on the same machine: a socket in the data directory, which only the
// collector's own user can open. So a line of cron needs no token, and nobody far away can make the collector write a file.
import { once } from 'node:events'
import { chmodSync, closeSync, openSync, rmSync } from 'node:fs'
import { type ClientRequest, createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { isAbsolute, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text as readText } from 'node:stream/consumers'
import { z } from 'zod'
import { bilingual } from '../../protocol/shapes.ts'
import type { CopyMade, CopyProgress, CopyRequest } from './make-copy.ts'
import { OwnCopyError } from './own-copy-error.ts'

const SOCKET = 'collector.sock'
/** Linux takes no longer path for a socket (unix(7)). */
const LONGEST_PATH = 100

const requestBody = z.strictObject({ to: z.string().refine(isAbsolute, 'must be absolute'), keep: z.int().min(1) })
const line = z.union([
  z.strictObject({
    progress: z.object({
      step: z.enum(['journal', 'records', 'series', 'files', 'verify', 'sums']),
      folder: z.string(),
      expectedBytes: z.number(),
    }),
  }),
  z.strictObject({
    made: z.object({
      ...{ path: z.string(), begunAt: z.number(), endedAt: z.number(), bytes: z.number(), files: z.number() },
      ...{ removed: z.array(z.string()), series: z.enum(['embedded', 'elsewhere']) },
      // A collector that was not started again since an update says nothing of them, and makes no such copy.
      flaws: z.array(z.string()).default([]),
    }),
  }),
  z.strictObject({ refused: bilingual }),
])

export type CopyOnRequest = (
  request: CopyRequest,
  more: { signal: AbortSignal; onProgress: (progress: CopyProgress) => void },
) => Promise<CopyMade>

/** The data lock must be held: what stands in the way is a leftover. */
export async function openDoor(deps: { directory: string; copy: CopyOnRequest }): Promise<{ close(): Promise<void> }> {
  const socket = reachable(deps.directory)
  rmSync(socket.path, { force: true })
  const server = createServer(async (request, response) => {
    const ending = new AbortController()
    response.on('close', () => ending.abort())
    const say = (content: z.infer<typeof line>) => void response.write(`${JSON.stringify(content)}\n`)
    try {
      const asked = requestBody.parse(JSON.parse(await readText(request)))
      say({ made: await deps.copy(asked, { signal: ending.signal, onProgress: progress => say({ progress }) }) })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      say({ refused: error instanceof OwnCopyError ? error.text : { en: reason, id: reason } })
    }
    response.end()
  })
  server.requestTimeout = 0
  server.listen(socket.path)
  await once(server, 'listening')
  chmodSync(socket.path, 0o600)
  return {
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      socket.release()
    },
  }
}

/** Has a running collector copy itself; null when none listens there. Errors: OwnCopyError with what it said. */
export async function askDoor(
  directory: string,
  asked: CopyRequest,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyMade | null> {
  const socket = reachable(directory)
  try {
    const request = httpRequest({ socketPath: socket.path, method: 'POST', path: '/' })
    request.end(JSON.stringify(asked))
    const response = await answerTo(request)
    if (response === null) return null
    for await (const text of linesOf(response)) {
      const said = line.parse(JSON.parse(text))
      if ('refused' in said) throw new OwnCopyError(said.refused)
      if ('made' in said) return said.made
      onProgress(said.progress)
    }
    throw endedEarly()
  } finally {
    socket.release()
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  try {
    yield* createInterface(response)
  } catch (error) {
    throw endedEarly(error)
  }
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage | null> {
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return response
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(code)) return null
    if (code === 'EACCES') {
      throw new OwnCopyError({
        en: 'the collector runs as another user: run this as that user, or as root',
        id: 'kolektor berjalan sebagai pengguna lain: jalankan ini sebagai pengguna itu atau root',
      })
    }
    throw endedEarly(error)
  }
}

function endedEarly(cause?: unknown): OwnCopyError {
  const text = {
    en: 'the collector ended before the copy was whole; nothing of it counts',
    id: 'kolektor berhenti sebelum salinan selesai; salinan itu tidak berlaku',
  }
  return new OwnCopyError(text, { cause })
}

/** A path that fits: a long one is gone to through its opened folder. */
function reachable(directory: string): { path: string; release(): void } {
  const path = join(directory, SOCKET)
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, release() {} }
  const folder = openSync(directory, 'r')
  return { path: `/proc/self/fd/${folder}/${SOCKET}`, release: () => closeSync(folder) }
}
