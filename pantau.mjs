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

/** Every subcommand: what it is for and how it runs. Each program returns the exit code. */
const COMMANDS = {
  server: {
    gist: 'run the collector with its wallboard and the NOC agent',
    run: async args => (await import('./server/main.ts')).runServer(args, process.env),
  },
  agent: {
    gist: 'run an agent on this machine',
    run: async args => (await import('./agent/main.ts')).runAgent(args, process.env),
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

/** The Node to move to, or null when this one is right. */
function otherNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (!existsSync(pinned)) return null
  return realpathSync(pinned) === realpathSync(process.execPath) ? null : pinned
}

/** Goes on under another Node. In place of this process where Node can do that, else as a child that gets our signals. */
function moveTo(node) {
  const args = [...process.execArgv, self, ...process.argv.slice(2)]
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(node, [node, ...args], process.env)
  }
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal))
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
  const node = otherNode()
  if (node !== null) return moveTo(node)
  if (Number(process.versions.node.split('.')[0]) < 24) {
    process.stderr.write(`pantau: needs Node 24 or newer, this is ${process.version}; "npm ci" brings it on Linux\n`)
    return 1
  }
  return COMMANDS[name].run(rest)
}

process.exitCode = await main(process.argv.slice(2))
