// `npm run check`: lint, types and architecture side by side. `npm run check -- types` runs the named ones only.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

const STEPS: Record<string, [program: string, ...args: string[]]> = {
  lint: [
    '@biomejs/biome/bin/biome',
    'ci',
    '--diagnostic-level=error',
    ...(process.stdout.isTTY ? [] : ['--colors=off']),
    '.',
  ],
  types: ['typescript/bin/tsc', '-b'],
  architecture: ['vitest/vitest.mjs', 'run', '--project', 'architecture'],
}

/** Runs one step; prints what it said only when it failed. */
async function runStep(name: string, [program, ...args]: [string, ...string[]]): Promise<boolean> {
  const since = Date.now()
  const child = spawn(process.execPath, [`node_modules/${program}`, ...args], {
    cwd: root,
    env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => said.push(chunk))
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit, signal) => resolve(exit ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  const took = `${((Date.now() - since) / 1000).toFixed(1)} s`
  if (code !== 0) process.stdout.write(Buffer.concat(said))
  console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name} (${took})`)
  return code === 0
}

const named = process.argv.slice(2)
const unknown = named.filter(name => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) {
  console.error(`check knows ${Object.keys(STEPS).join(', ')}; not ${unknown.join(', ')}`)
  process.exitCode = 2
} else {
  const chosen = Object.entries(STEPS).filter(([name]) => named.length === 0 || named.includes(name))
  const passed = await Promise.all(chosen.map(([name, step]) => runStep(name, step)))
  if (passed.includes(false)) process.exitCode = 1
}
