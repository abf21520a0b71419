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

/** Every subcommand: what it is for, how it runs, with which flags of Node and which environment. Each returns the exit code. */
const COMMANDS = {
  server: {
    gist: 'run the collector with its wallboard and the NOC agent',
    run: async args => (await import('./server/main.ts')).runServer(args, process.env),
    // What requests and judging leave is garbage within a second. With a young generation of 16 MB so much of it had become
    // old by then that with 10,000 agents the whole heap was marked twice a minute, half a second each time; with 32 MB every
    // two minutes. With 100 agents it costs 20 MB.
    // Below 2 GiB V8 lets the heap grow to less than twice what lives in it, above to four times: a collector of thousands of
    // agents would hold hundreds of megabytes of batches that nobody has any more.
    flags: ['--max-semi-space-size=32', '--max-old-space-size=2000'],
    env: {
      // Each thread else keeps an arena of its own with what it let go of: 60 MB with 90,000 series.
      ...{ MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' },
      // Where the code without its types is kept from one start to the next, no thread loads what takes them off: 7 MB a thread and
      // 17 MB of the first one.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
    },
  },
  agent: {
    gist: 'run an agent on this machine; agent doctor: say what is wrong with it',
    // The same as in server/platform/agent-program.ts, which tells why.
    flags: [
      ...['--max-old-space-size=48', '--max-semi-space-size=1', '--single-threaded-gc', '--v8-pool-size=1'],
      '--use-openssl-ca',
    ],
    env: {
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_THRESHOLD_: '32768',
      MALLOC_TOP_PAD_: '4096',
      MALLOC_TRIM_THRESHOLD_: '65536',
    },
    run: async args =>
      args[0] === 'doctor'
        ? (await import('./agent/doctor/main.ts')).runDoctor(args.slice(1), process.env)
        : (await import('./agent/main.ts')).runAgent(args, process.env),
  },
  backup: {
    gist: 'run: wrap a backup job; restore-test, look, list, verify: copies that this machine keeps',
    run: async args => (await import('./agent/backups/main.ts')).runBackup(args, process.env),
  },
  simulate: {
    gist: 'answer SNMP like recorded devices, with moving counters',
    run: async args => (await import('./agent/simulate/main.ts')).runSimulate(args, process.env),
  },
  'backup-self': { gist: 'copy the whole collector, also while it runs', run: cli('backup-self') },
  'restore-self': { gist: 'bring such a copy back into an empty data directory', run: cli('restore-self') },
  check: { gist: 'check configuration and packs; names every problem with its place', run: cli('check') },
  audit: { gist: 'audit verify: check the hash chain of the audit log', run: cli('audit') },
  evidence: {
    gist: 'evidence verify: check all that is kept as evidence; names what was changed',
    run: cli('evidence'),
  },
  export: { gist: 'samples of a server from a running collector as CSV or Parquet', run: cli('export') },
  health: { gist: 'ask a running collector whether it is ready (exit code 0 or 1)', run: cli('health') },
  rules: { gist: 'rules replay: judge the duties of the past again, with other parameters too', run: cli('rules') },
}

function cli(name) {
  return async args => (await import('./server/cli/main.ts')).runCommand(name, args, process.env)
}

function help() {
  const lines = Object.entries(COMMANDS).map(([name, { gist }]) => `  ${name.padEnd(12)} ${gist}`)
  return `usage: pantau COMMAND [options]\n\n${lines.join('\n')}\n\n  --help, --version\n\npantau COMMAND --help lists the options of a command.\n`
}

/** Node, flags and environment to move to, or null when all are right. What is given already stays as it is. */
function otherNode(flags, env) {
  // Who started this with a channel chose how it runs, and a move would cut the channel: an agent would outlive its collector.
  if (process.channel !== undefined) return null
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  const node = existsSync(pinned) ? pinned : process.execPath
  const given = process.execArgv.map(flag => flag.split('=')[0])
  const missing = flags.filter(flag => !given.includes(flag.split('=')[0]))
  const isSet = Object.keys(env).every(name => process.env[name] !== undefined)
  if (missing.length === 0 && isSet && realpathSync(node) === realpathSync(process.execPath)) return null
  return { node, flags: [...process.execArgv, ...missing], env: { ...env, ...process.env } }
}

/** Goes on under another Node. In place of this process where Node can do that, else as a child that gets our signals. */
function moveTo({ node, flags, env }) {
  const args = [...flags, self, ...process.argv.slice(2)]
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(node, [node, ...args], env)
  }
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: 'inherit', env })
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
  const { run, flags = [], env = {} } = COMMANDS[name]
  const other = otherNode(flags, env)
  if (Number(process.versions.node.split('.')[0]) < 24 && (other === null || other.node === process.execPath)) {
    process.stderr.write(`pantau: needs Node 24 or newer, this is ${process.version}; "npm ci" brings it on Linux\n`)
    return 1
  }
  return other === null ? run(rest) : moveTo(other)
}

process.exitCode = await main(process.argv.slice(2))
