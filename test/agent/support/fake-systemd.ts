// A real dbus-daemon with a manager on it that answers like systemd's: no systemd runs where the tests run.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { PYTHON_PATH } from '../../support/debian-packages.ts'

export type Recorded = {
  units: { name: string; description: string; load: string; active: string; sub: string; path: string }[]
  timers: Record<string, Record<string, string>>
}

const FAKE = fileURLToPath(new URL('./fake-systemd.py', import.meta.url))

/** Below `runRoot`, where a real one has them. Both end with the test; `endManager` ends the manager before. */
export async function startFakeSystemd(runRoot: string, recorded: Recorded): Promise<{ endManager(): Promise<void> }> {
  mkdirSync(join(runRoot, 'systemd/system'), { recursive: true })
  mkdirSync(join(runRoot, 'dbus'))
  const address = `unix:path=${join(runRoot, 'dbus/system_bus_socket')}`
  const config = join(runRoot, 'bus.conf')
  writeFileSync(
    config,
    `<busconfig><type>system</type><listen>${address}</listen><auth>EXTERNAL</auth><policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy></busconfig>`,
  )
  const units = join(runRoot, 'units.json')
  writeFileSync(units, JSON.stringify(recorded))
  await started('dbus-daemon', ['--nofork', '--print-address', `--config-file=${config}`])
  const manager = await started(PYTHON_PATH, [FAKE, address, units])
  return {
    async endManager() {
      const ended = new Promise(resolve => manager.once('exit', resolve))
      manager.kill('SIGKILL')
      await ended
    },
  }
}

/** Until it says its first word. */
async function started(command: string, args: string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let said = ''
  child.stderr.on('data', part => {
    said += part
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${command} ended with ${code}: ${said}`)))
  })
  return child
}
