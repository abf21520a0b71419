#!/usr/bin/env node
// The command `pantau`. Moves itself onto the pinned Node when it was started on another, then hands over to one program.
// Must parse on Node 20.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
const root = dirname(self)

/** Every subcommand: what it is for, how it runs, and with which flags of Node. Each program returns the exit code. */
const COMMANDS = {
  server: {
    gist: 'run the collector with its wallboard and the NOC agent',
    run: async args => (await import('./server/main.ts')).runServer(args, process.env),
  },
  agent: {
    gist: 'run an agent on this machine; agent doctor: say what is wrong with it',
    run: async args =>
      args[0] === 'doctor'
        ? (await import('./agent/doctor/main.ts')).runDoctor(args.slice(1), process.env)
        : (await import('./agent/main.ts')).runAgent(args, process.env),
  },
  simulate: {
    gist: 'answer SNMP like recorded devices, with moving counters',
    run: async args => (await import('./agent/simulate/main.ts')).runSimulate(args, process.env),
  },
  check: { gist: 'check configuration and packs; names every problem with its place', run: cli('check') },
  audit: { gist: 'audit verify: check the hash chain of the audit log', run: cli('audit') },
  export: { gist: 'samples of a server from a running collector as CSV or Parquet', run: cli('export') },
  health: { gist: 'ask a running collector whether it is ready (exit code 0 or 1)', run: cli('health') },
}

function cli(name) {
  return async args => (await import('./server/cli/main.ts')).runCommand(name, args, process.env)
}

function help() {
  const lines = Object.entries(COMMANDS).map(([name, { gist }]) => `  ${name.padEnd(8)} ${gist}`)
  return `usage: pantau COMMAND [options]\n\n${lines.join('\n')}\n\n  --help, --version\n\npantau COMMAND --help lists the options of a command.\n`
}

/** The Node and the flags to move to, or null when both are right. A flag that is given already stays as it is. */
function otherNode(flags) {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  const node = existsSync(pinned) ? pinned : process.execPath
  const given = process.execArgv.map(flag => flag.split('=')[0])
  const missing = flags.filter(flag => !given.includes(flag.split('=')[0]))
  if (missing.length === 0 && realpathSync(node) === realpathSync(process.execPath)) return null
  return { node, flags: [...process.execArgv, ...missing] }
}

/** Goes on under another Node. In place of this process where Node can do that, else as a child that gets our signals. */
function moveTo({ node, flags }) {
  const args = [...flags, self, ...process.argv.slice(2)]
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(node, [node, ...args], process.env)
  }
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

async function main(args) {
  const [name, ...rest] = args
  if (name === '--version' || name === '-v') {
    process.stdout.write(`pantau ${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`)
    return 0
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help())
    return 0
  }
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    process.stderr.write(name === undefined ? help() : `pantau: there is no command "${name}"\n\n${help()}`)
    return 2
  }
  const { run, flags = [] } = COMMANDS[name]
  const other = otherNode(flags)
  if (Number(process.versions.node.split('.')[0]) < 24 && (other === null || other.node === process.execPath)) {
    process.stderr.write(`pantau: needs Node 24 or newer, this is ${process.version}; "npm ci" brings it on Linux\n`)
    return 1
  }
  return other === null ? run(rest) : moveTo(other)
}

process.exitCode = await main(process.argv.slice(2))
