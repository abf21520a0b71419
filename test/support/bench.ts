// `npm run bench`: each script in test/bench, one after another, so that none disturbs the figures of another.
// `npm run bench -- ingest` runs the named ones.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../bench/', import.meta.url))
const all = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.ts')) : []
const named = process.argv.slice(2)
const chosen = all.filter(script => named.length === 0 || named.includes(script.slice(0, -3))).sort()

if (chosen.length === 0) {
  console.error(`test/bench has ${all.join(', ') || 'no script'}; asked for ${named.join(', ') || 'all'}`)
  process.exitCode = 2
}
for (const script of chosen) {
  console.log(`\n== ${script}`)
  const { status } = spawnSync(process.execPath, [`${folder}${script}`], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
