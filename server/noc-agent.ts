// The agent that the collector starts beside itself: the NOC's own poller, a process like any other agent.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Actor } from './access/actor.ts'
import { createEnrolmentToken } from './access/create-enrolment-token.ts'
import type { VerbDeps } from './access/verb.ts'
import { AGENT_MEMORY_ENV, agentProgram } from './platform/agent-program.ts'
import type { Logger } from './platform/logs.ts'

const STOP_DEADLINE_MS = 4_000
const SHORTEST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

export type NocAgent = { start(): Promise<void>; stop(): Promise<void> }

/** `collectorUrl` is how the child reaches us, by loopback. */
export function createNocAgent(
  deps: VerbDeps & {
    directory: string
    collectorUrl: string
    intervalMs: number
    log: Logger
  },
): NocAgent {
  const tokenFile = join(deps.directory, 'enrolment-token')
  let child: ChildProcess | undefined
  let restartTimer: NodeJS.Timeout | undefined
  let pauseMs = SHORTEST_PAUSE_MS
  let stopping = false

  /** The child enrols like every agent, with a token that works once. */
  async function prepare(): Promise<void> {
    mkdirSync(deps.directory, { recursive: true, mode: 0o700 })
    if (await isEnrolled()) return
    rmSync(join(deps.directory, 'identity.json'), { force: true })
    const actor: Actor = { kind: 'system', id: 'collector', permissions: ['agents:write'] }
    const { secret } = await createEnrolmentToken.perform(deps, actor, { label: 'NOC agent', uses: 1 })
    writeFileSync(tokenFile, secret, { mode: 0o600 })
  }

  /** Whether the identity on disk is one that this collector still knows: its records may have been replaced. */
  async function isEnrolled(): Promise<boolean> {
    let agentId: string
    try {
      const text = readFileSync(join(deps.directory, 'identity.json'), 'utf8')
      agentId = z.object({ agentId: z.string() }).parse(JSON.parse(text)).agentId
    } catch {
      return false
    }
    const agent = await deps.records
      .selectFrom('agent')
      .select('revoked_at')
      .where('id', '=', agentId)
      .executeTakeFirst()
    // A revoked one stays out: somebody decided so.
    return agent !== undefined
  }

  function launch(): void {
    const startedAt = deps.now()
    child = spawn(
      process.execPath,
      [
        ...agentProgram(),
        ...['--collector', deps.collectorUrl, '--data', deps.directory, '--token-file', tokenFile],
        ...['--interval-ms', String(deps.intervalMs)],
      ],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...ofAgents(process.env), ...AGENT_MEMORY_ENV } },
    )
    child.on('error', error => deps.log.error({ err: error }, 'NOC agent could not be started'))
    child.on('exit', (code, signal) => {
      child = undefined
      if (stopping) return
      if (deps.now() - startedAt > LONGEST_PAUSE_MS) pauseMs = SHORTEST_PAUSE_MS
      deps.log.warn({ code, signal, pauseMs }, 'NOC agent ended and is started again')
      restartTimer = setTimeout(() => void start(), pauseMs)
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    })
  }

  async function start(): Promise<void> {
    try {
      await prepare()
      launch()
    } catch (error) {
      deps.log.error({ err: error }, 'NOC agent could not be prepared')
    }
  }

  return {
    start,
    async stop() {
      stopping = true
      clearTimeout(restartTimer)
      const running = child
      if (running === undefined) return
      const ended = new Promise<void>(resolve => running.once('exit', () => resolve()))
      running.kill('SIGTERM')
      const killTimer = setTimeout(() => running.kill('SIGKILL'), STOP_DEADLINE_MS)
      await ended
      clearTimeout(killTimer)
    },
  }
}

/** The child needs none of the collector's secrets. */
/** Without secrets, and without the collector's kept code: an agent brings its own. */
function ofAgents(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('PANTAU_') && name !== 'NODE_COMPILE_CACHE'),
  )
}
