// `npm run bench`: each script in test/bench, one after another, so that none disturbs the figures of another.
// `npm run bench -- ingest-load --agents 1000` runs the named ones; what follows from the first option on is theirs.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../bench/', import.meta.url))
const all = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.ts')) : []
const asked = process.argv.slice(2)
const firstOption = asked.findIndex(word => word.startsWith('-'))
const named = firstOption < 0 ? asked : asked.slice(0, firstOption)
const options = asked.slice(named.length)
const chosen = all.filter(script => named.length === 0 || named.includes(script.slice(0, -3))).sort()

if (chosen.length === 0) {
  console.error(`test/bench has ${all.join(', ') || 'no script'}; asked for ${named.join(', ') || 'all'}`)
  process.exitCode = 2
}
for (const script of chosen) {
  console.log(`\n== ${script}`)
  const { status } = spawnSync(process.execPath, [`${folder}${script}`, ...options], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
