// A real Icinga 2 for tests: Debian's daemon with a configuration and directories of its own, and nothing of the system's.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ICINGA_PATH } from './debian-packages.ts'

export type Icinga = {
  /** What it said of itself so far. */
  output(): string
  remove(): Promise<void>
}

/** `objects` is what a person would write: hosts, services, writers. Checks need no plugin: `check_command = "dummy"`. */
export async function startIcinga(objects: string): Promise<Icinga> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-icinga-'))
  const places = ['Data', 'Log', 'Cache', 'Spool', 'InitRun'].map(name => [name, join(directory, name)] as const)
  for (const [, path] of places) mkdirSync(path)
  const configFile = join(directory, 'icinga2.conf')
  const frame = `include <itl>
const NodeName = "noc"
const ZoneName = "noc"
object Endpoint NodeName { }
object Zone ZoneName { endpoints = [ NodeName ] }
object CheckerComponent "checker" { }
`
  writeFileSync(configFile, frame + objects)
  const user = process.getuid?.() === 0 ? ['RunAsUser=root', 'RunAsGroup=root'] : []
  const constants = [...places.map(([name, path]) => `${name}Dir=${path}`), ...user]
  const args = ['daemon', '-c', configFile, '-x', 'information', '--no-stack-rlimit']
  for (const constant of constants) args.push('-D', `Configuration.${constant}`)
  // It starts processes of its own: as a group they can be ended together.
  const child = spawn(ICINGA_PATH, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000)
    })
  }
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', error => {
      output += error.message
      resolve()
    })
  })
  return {
    output: () => output,
    async remove() {
      // An end in order waits for what is under way, for minutes at times; nothing of it is needed here.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
