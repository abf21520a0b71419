import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export type AgentProcess = {
  child: ChildProcess
  output: () => string
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export const AGENT_MAIN = fileURLToPath(new URL('../../../agent/main.ts', import.meta.url))

/** A real agent in a process of its own, ended with the test at the latest. */
export function startAgentProcess(
  args: string[],
  env: Record<string, string> = {},
  program: string[] = [AGENT_MAIN],
): AgentProcess {
  return startProcess(process.execPath, [...program, ...args], { PANTAU_LOG_LEVEL: 'debug', ...env })
}

/** A process whose output is kept, ended with the test at the latest. */
export function startProcess(command: string, args: string[], env: Record<string, string> = {}): AgentProcess {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  })
  let text = ''
  child.stdout?.on('data', part => {
    text += part
  })
  child.stderr?.on('data', part => {
    text += part
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, output: () => text, ended }
}
