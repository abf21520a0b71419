// A real agent on this machine, under a name and machine id of its own (needs root).
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { call } from './collector.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))

/** `place` is a directory that the caller removes. */
export async function startNamedAgent(
  collector: { url: string },
  { name, place, intervalMs }: { name: string; place: string; intervalMs: number },
): Promise<ChildProcess> {
  const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: name } })
  const machineId = join(place, `${name}-machine-id`)
  writeFileSync(machineId, `${Buffer.from(name.padEnd(16)).toString('hex').slice(0, 32)}\n`)
  const agent = [PANTAU, 'agent', '--collector', collector.url, '--data', join(place, name)]
  const steps = `hostname ${name} && mount --bind ${machineId} /etc/machine-id && exec "$@"`
  const inside = ['--mount', '--uts', '--fork', '--kill-child', 'sh', '-c', steps, 'sh', process.execPath, ...agent]
  return spawn('unshare', [...inside, '--interval-ms', String(intervalMs)], {
    env: { ...process.env, PANTAU_AGENT_TOKEN: secret },
    stdio: 'ignore',
  })
}
