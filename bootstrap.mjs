// Brings a fresh clone to the point where a command can run, then runs it: installs what the lock file says, builds
// page and agent when their sources changed, and hands over to the pinned Node. Has no dependencies and must parse on Node 20.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alone, read } from './bootstrap-lock.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const at = (...parts) => join(root, ...parts)
const modules = at('node_modules')
const cache = at('.cache')
const installStamp = join(modules, '.pantau-install')

class Refusal extends Error {}

const say = text => process.stderr.write(`pantau: ${text}\n`)
const onWait = () => say('another bootstrap prepares this tree: waiting for it')

// --- installing --------------------------------------------------------------------------------------------------------

/** What an installation depends on: the lock file and the dependency lists, not the scripts beside them. */
function wantedInstall() {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const lists = JSON.stringify([dependencies, devDependencies, optionalDependencies])
  return createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .update(lists)
    .digest('hex')
}

/** Whether npm itself, run by hand, already put exactly the locked packages there. */
function installedByHand() {
  const there = JSON.parse(read(join(modules, '.package-lock.json')) || '{}').packages ?? {}
  const wanted = Object.entries(JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages)
  return wanted.every(([path, entry]) => path === '' || entry.optional || there[path]?.integrity === entry.integrity)
}

async function install() {
  const wanted = wantedInstall()
  if (read(installStamp) === wanted) return
  await alone({ folder: cache, onWait }, async hold => {
    if (read(installStamp) === wanted) return
    if (!existsSync(installStamp) && existsSync(modules) && installedByHand())
      return writeFileSync(installStamp, wanted)
    rmSync(installStamp, { force: true })
    // No package of ours needs an install script; the pinned Node is an optional package, so it must not be left out.
    const options = '--include=dev --include=optional --ignore-scripts --no-audit --no-fund --loglevel=error'.split(' ')
    const npm = process.env.npm_execpath?.endsWith('.js')
      ? [process.execPath, [process.env.npm_execpath, 'ci', ...options]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', ...options]]
    await quietly('installing packages (npm ci)', ...npm, { hold, shell: process.platform === 'win32' })
    writeFileSync(installStamp, wanted)
  })
}

/** The Node that everything runs on: the pinned package where there is one, else the running one if new enough. */
function pinnedNode() {
  const pinned = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new Refusal(
    `Pantau runs on Node 24. npm brings it for Linux on x64 and arm64; on ${process.platform} ${process.arch} install Node 24 or newer and start again (this is ${process.version}).`,
  )
}

// --- building ----------------------------------------------------------------------------------------------------------

/** What is built from which folders. Each program runs under the pinned Node and puts its work into a fresh folder. */
const BUILDS = [
  {
    name: 'page',
    from: ['dashboard', 'protocol'],
    by: ['vite/bin/vite.js', 'build', at('dashboard'), '--emptyOutDir', '--logLevel', 'warn', '--outDir'],
  },
  {
    name: 'agent',
    from: ['agent', 'protocol'],
    by: ['rolldown/bin/cli.mjs', '-c', at('agent/rolldown.config.mjs'), '--logLevel', 'warn', '--dir'],
  },
]

function stateOf(folders) {
  const hash = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .update(readFileSync(at('bootstrap.mjs')))
  const add = folder => {
    for (const entry of readdirSync(at(folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`
      if (entry.name === 'dist') continue
      if (entry.isDirectory()) add(path)
      else hash.update(`\n${path}\n`).update(readFileSync(at(path)))
    }
  }
  folders.forEach(add)
  return hash.digest('hex')
}

async function build(node) {
  for (const { name, from, by } of BUILDS) {
    const into = at(from[0], 'dist')
    const [wanted, stamp] = [stateOf(from), join(into, '.pantau-build')]
    if (read(stamp) === wanted) continue
    await alone({ folder: cache, onWait }, async hold => {
      if (read(stamp) === wanted) return
      const [fresh, old] = [join(cache, `${name}-${process.pid}`), join(cache, `${name}-${process.pid}-old`)]
      for (const left of readdirSync(cache))
        if (left.startsWith(`${name}-`)) rmSync(join(cache, left), { recursive: true })
      await quietly(`building the ${name}`, node, [join(modules, by[0]), ...by.slice(1), fresh], { hold })
      writeFileSync(join(fresh, '.pantau-build'), wanted)
      // It appears whole or not at all: a killed build leaves the old one, or none and then it is built again.
      if (existsSync(into)) renameSync(into, old)
      renameSync(fresh, into)
    })
  }
}

// --- running -----------------------------------------------------------------------------------------------------------

const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Passes on to the child what asks us to stop, also the death of the npm that runs us; its end decides ours. */
function endOf(child) {
  const stop = signal => child.kill(signal)
  for (const signal of STOPS) process.on(signal, stop)
  const parent = process.ppid
  const orphaned = () => process.ppid !== parent && stop('SIGTERM')
  const watch = process.env.npm_lifecycle_event ? setInterval(orphaned, 1_000) : undefined
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  }).finally(() => {
    clearInterval(watch)
    for (const signal of STOPS) process.removeListener(signal, stop)
  })
}

/** Runs a preparing step; shows that it goes on, and what it said only when it failed. */
async function quietly(what, command, args, { hold, ...options }) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  // It holds the lock before anything is said: whoever kills us from now on, the next one waits for it.
  if (child.pid) hold(child)
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => said.push(chunk))
  const since = Date.now()
  const seconds = () => `${((Date.now() - since) / 1000).toFixed(1)} s`
  const terminal = process.stderr.isTTY
  const line = () => process.stderr.write(`\rpantau: ${what} ... ${seconds()}`)
  const progress = terminal ? setInterval(line, 500) : say(`${what} ...`)
  const code = await endOf(child).finally(() => clearInterval(progress))
  if (terminal) process.stderr.write('\r\x1b[K')
  if (code === 0) return say(`${what}: done in ${seconds()}`)
  process.stderr.write(Buffer.concat(said))
  throw new Refusal(`${what} failed with exit code ${code}; what it said stands above`)
}

/** Hands the terminal to a program under the pinned Node; resolves to its exit code. */
function handOver(node, args, env = {}) {
  const PATH = `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}`
  return endOf(spawn(node, args, { cwd: root, env: { ...process.env, PATH, ...env }, stdio: 'inherit' }))
}

const vitest = join(modules, 'vitest/vitest.mjs')

async function test(node, args) {
  const packages = await handOver(node, [at('test/support/debian-packages.ts')])
  if (packages !== 0) return packages
  await build(node)
  const results = join(cache, 'test-results.json')
  rmSync(results, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
  return handOver(node, [vitest, 'run', ...reporters, ...args])
}

const built = work => async (node, args) => {
  await build(node)
  return work(node, args)
}

const commands = {
  start: built((node, args) => handOver(node, [at('pantau.mjs'), 'server', ...args])),
  build: built(() => 0),
  check: (node, args) => handOver(node, [at('test/support/check.ts'), ...args]),
  test,
  'test:unit': (node, args) =>
    handOver(node, [vitest, 'run', '--project', 'unit', '--project', 'architecture', ...args]),
  'test:long': built((node, args) => handOver(node, [vitest, 'run', ...args], { PANTAU_TESTS: 'long' })),
  bench: built((node, args) => handOver(node, [at('test/support/bench.ts'), ...args])),
  format: async node =>
    (await handOver(node, [at('test/support/generate-reference.ts')])) ||
    (await handOver(node, [join(modules, '@biomejs/biome/bin/biome'), 'check', '--write', '.'])),
  screenshot: built((node, args) => handOver(node, [at('test/support/screenshot.ts'), ...args])),
}

async function main([name = '', ...args]) {
  if (!Object.hasOwn(commands, name)) {
    process.stderr.write(`usage: node bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]\n`)
    return 2
  }
  if (!existsSync(at('package-lock.json'))) throw new Refusal('package-lock.json is missing: this is not a whole clone')
  await install()
  return commands[name](pinnedNode(), args)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  say(error.message)
  process.exitCode = 1
}
