// Run while the agent is built, `node FLAGS record-code.mjs DIRECTORY`: has the program enrol and deliver to a collector
// that acknowledges everything, start anew and deliver again, and keeps the code that V8 made of what ran meanwhile, for
// start-built.ts. V8 takes such code from the same version and build of Node only.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

const BATCHES = 3
const WITHIN_MS = 20_000

const [directory = '.'] = process.argv.slice(2)
const filename = join(directory, 'program.js')
const program = readFileSync(filename)
const script = new Script(program.toString('latin1'), { filename })
const runAgent = script.runInThisContext()(new URL(`file://${filename}`).href)

let acknowledged = 0
const answers = {
  '/api/v1/enrol': () => ({ agentId: 'a', deviceId: 'b', key: 'key' }),
  '/api/v1/ingest': batch => {
    acknowledged += 1
    if (acknowledged === BATCHES) process.emit('SIGTERM')
    return { acknowledged: batch.number, duplicate: false, receivedAt: Date.now() }
  },
}
const collector = createServer((request, response) => {
  let text = ''
  request.on('data', part => {
    text += part
  })
  // A question for orders is held, as the real one does.
  request.on('end', () => {
    const answer = answers[request.url ?? '']
    if (answer !== undefined) response.end(JSON.stringify(answer(JSON.parse(text))))
  })
})
await new Promise(resolve => collector.listen(0, '127.0.0.1', () => resolve(undefined)))

const data = mkdtempSync(join(tmpdir(), 'pantau-record-code-'))
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
setTimeout(() => {
  throw new Error(`no ${BATCHES} batches within ${WITHIN_MS} ms`)
}, WITHIN_MS).unref()

// First as a new agent, then as one that is enrolled already.
const { port } = collector.address()
const argv = ['--collector', `http://127.0.0.1:${port}`, '--data', data, '--interval-ms', '100', '--process', 'a=b']
for (let run = 0; run < 2; run += 1) {
  acknowledged = 0
  const code = await runAgent(argv, { PANTAU_AGENT_TOKEN: 'token', PANTAU_LOG_LEVEL: 'error' })
  if (code !== 0) throw new Error(`the agent ended with ${code}`)
}

// The agent bars compilers later on (platform/stay-small.ts), and V8 takes code of the same flags only.
for (const compiler of ['opt', 'maglev', 'sparkplug']) setFlagsFromString(`--${compiler}`)
const code = script.createCachedData()
const digest = createHash('sha256').update(program).update(code).digest()
writeFileSync(join(directory, `program.${process.arch}.code`), Buffer.concat([digest, code]))
process.exit(0)
