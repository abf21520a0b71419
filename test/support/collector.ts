// Starts the real collector as people start it, on a port of its own, and talks to it as a client would.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { CALLS, type CallBody, type CallQuery, type CallResponse } from '../../protocol/api.ts'
import { type CallName, PATHS } from '../../protocol/paths.ts'
import { freePort } from './free-port.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
export const ADMIN_TOKEN = 'test-admin-token-0123456789abcdef0123456789'
const READY_MS = 120_000

export type CollectorOptions = {
  /** Kept by the caller; without it a directory is made and removed at stop. */
  data?: string
  port?: number
  /** Another source tree than this one, with a `pantau.mjs`. */
  tree?: string
  /** Further addresses besides the one on loopback. */
  listen?: string[]
  /** Settings as in config/pantau.example.yaml. */
  settings?: Record<string, unknown>
  /** Flags of Node, for profiles. */
  nodeFlags?: string[]
  /** What must answer with 200 before the story goes on: `/readyz` unless it begins with something broken. */
  ready?: '/readyz' | '/healthz'
}

export type TestCollector = {
  url: string
  port: number
  data: string
  process: ChildProcess
  /** All that it printed so far. */
  output(): string
  /** The one-time link of the first start, without the address. */
  setUpLink(): string | null
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
  /** Removes a data directory that was made for it. */
  cleanUp(): void
}

export async function startCollector(options: CollectorOptions = {}): Promise<TestCollector> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'pantau-e2e-'))
  const port = options.port ?? (await freePort())
  const configFile = join(data, 'pantau.yaml')
  writeFileSync(configFile, stringify({ place: 'Kota Uji', nocAgent: { intervalMs: 1_000 }, ...options.settings }))
  const child = spawn(
    process.execPath,
    [
      ...(options.nodeFlags ?? []),
      options.tree === undefined ? PANTAU : join(options.tree, 'pantau.mjs'),
      'server',
      '--config',
      configFile,
      '--data',
      data,
      '--listen',
      [`127.0.0.1:${port}`, ...(options.listen ?? [])].join(),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: process.env.PATH, PANTAU_ADMIN_TOKEN: ADMIN_TOKEN },
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      },
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      output += text
    })
  }
  const exited = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  const collector: TestCollector = {
    url: `http://127.0.0.1:${port}`,
    port,
    data,
    process: child,
    output: () => output,
    setUpLink: () => /\/setup#(\S+)/.exec(output)?.[1] ?? null,
    stop() {
      child.kill('SIGTERM')
      return exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    cleanUp() {
      if (options.data === undefined) rmSync(data, { recursive: true, force: true })
    },
  }
  try {
    await untilTrue('the collector is ready', READY_MS, async () => {
      if (child.exitCode !== null) throw new Error(`the collector ended with ${child.exitCode}:\n${output}`)
      const answer = await fetch(collector.url + (options.ready ?? '/readyz')).catch(() => null)
      return answer?.ok === true && output.includes('Pantau: http')
    })
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return collector
}

/** Calls the API by name. The answer of a call that succeeded is held against its schema. */
export async function call<N extends CallName>(
  collector: { url: string },
  name: N,
  request: {
    params?: Record<string, string>
    body?: CallBody<N>
    query?: CallQuery<N>
    token?: string | null
    cookie?: string
  } = {},
): Promise<CallResponse<N>> {
  const response = await rawCall(collector, name, request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`)
  return CALLS[name].response.parse(JSON.parse(text)) as CallResponse<N>
}

export async function rawCall(
  collector: { url: string },
  name: CallName,
  request: {
    params?: Record<string, string> | undefined
    body?: unknown
    query?: unknown
    token?: string | null
    cookie?: string
  } = {},
): Promise<Response> {
  const [method, path] = PATHS[name]
  const url = new URL(
    path.replace(/:([a-z]+)/gi, (_, key: string) => request.params?.[key] ?? ''),
    collector.url,
  )
  for (const [key, value] of Object.entries(request.query ?? {})) {
    url.searchParams.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  const token = request.token === undefined && request.cookie === undefined ? ADMIN_TOKEN : request.token
  return await fetch(url, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(request.cookie === undefined ? {} : { cookie: request.cookie }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  })
}

/** Asks again and again until the answer is true or something; fails with `what` after `withinMs`. */
export async function untilTrue<T>(what: string, withinMs: number, ask: () => Promise<T> | T): Promise<NonNullable<T>> {
  const endAt = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > endAt) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
