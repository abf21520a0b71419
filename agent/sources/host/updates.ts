import { stat } from 'node:fs/promises'
import { findProgram } from '../../platform/find-program.ts'
import { runProgram } from '../../platform/run-program.ts'
import type { Gauge, Source } from '../source.ts'

const HOUR_MS = 3_600_000

/** Packages that `apt-get -s dist-upgrade` would install, by where the new version comes from. */
export function parseAptSimulation(output: string): { security: number; other: number } {
  const counts = { security: 0, other: 0 }
  for (const line of output.split('\n')) {
    // "Inst libc6 [2.36-9] (2.36-9+deb12u7 Debian-Security:12/stable-security [amd64])"; a new one has no [old].
    const origins = /^Inst \S+ (?:\[[^\]]*\] )?\(\S+ ([^[)]*)/.exec(line)?.[1]
    if (origins === undefined) continue
    counts[/security/i.test(origins) ? 'security' : 'other'] += 1
  }
  return counts
}

/** apt_upgrades_pending{origin}, in the rhythm of the facts; not offered without apt. It changes nothing and asks no server. */
export function createUpdatesSource(deps: { everyMs: number; programs?: readonly string[] }): Source {
  const programs = deps.programs ?? ['/usr/bin/apt-get']
  const withinMs = 120_000
  return {
    name: 'updates',
    rhythm: { everyMs: deps.everyMs, withinMs: withinMs + 1_000, firstAfterMs: 60_000 },
    async read(signal) {
      const program = await findProgram(programs)
      if (program === undefined) return 'not-offered'
      const args = ['-s', '-q', '-o', 'Debug::NoLocking=true', 'dist-upgrade']
      const { code, output } = await runProgram(program, args, {
        withinMs,
        longestOutputBytes: 4 * 1024 * 1024,
        signal,
      })
      if (code !== 0) throw new Error(`apt-get ended with ${code}`)
      const { security, other } = parseAptSimulation(output)
      const gauge = (origin: string, value: number): Gauge => ({
        metric: 'apt_upgrades_pending',
        labels: { origin },
        value,
      })
      return { gauges: [gauge('security', security), gauge('other', other)] }
    },
  }
}

/** node_reboot_required: whether the flag lies in /run that Debian's packages put there; not offered where none would. */
export function createRebootRequiredSource(deps: { runRoot: string; debianMark?: string }): Source {
  const exists = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    )
  return {
    name: 'reboot-required',
    rhythm: { everyMs: HOUR_MS / 60, withinMs: 5_000, firstAfterMs: 500 },
    async read() {
      if (!(await exists(deps.debianMark ?? '/etc/debian_version'))) return 'not-offered'
      const required = await exists(`${deps.runRoot}/reboot-required`)
      return { gauges: [{ metric: 'node_reboot_required', value: required ? 1 : 0 }] }
    },
  }
}
