// How long the records' log holds up the event loop when it is copied into the file: by the main thread, as SQLite does it by
// itself, and by a thread of its own. Each in a process of its own, in turns, with the same changes: groups of the 200,000
// facts of 10,000 servers, as many transactions as the disk allows. `--seconds 20`, `--rounds 2`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { openKeptRecords } from '../../server/stores/records/kept-records.ts'
import { openRecords, type Records } from '../../server/stores/records/records.ts'

const WAYS = ['main thread', 'own thread'] as const
const SERVERS = 10_000
const FACTS_A_SERVER = 20
const FACTS_A_CHANGE = 40
const WRITERS = 4
const LONG_MS = 20
/** Shorter turns are not kept. */
const SHORT_MS = 1
const MIB = 1024 * 1024

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    way: { type: 'string' },
  },
})
const seconds = Number(values.seconds)

if (values.way === undefined) {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const way of WAYS) {
      const own = fileURLToPath(import.meta.url)
      spawnSync(process.execPath, [own, '--way', way, '--seconds', values.seconds], { stdio: 'inherit' })
    }
  }
} else await measure(values.way)

async function measure(way: string): Promise<void> {
  // In the working directory: /tmp may be memory, where nothing waits for a disk.
  const directory = mkdtempSync(join(process.cwd(), '.records-log-'))
  try {
    const { records, close } = await open(way, directory)
    await writeFacts(records)
    const waits: number[] = []
    let logBytes = 0
    const stalls = watchTurns()
    const end = performance.now() + seconds * 1_000
    async function write(): Promise<void> {
      while (performance.now() < end) {
        const begun = performance.now()
        await changeFacts(records)
        waits.push(performance.now() - begun)
        logBytes = Math.max(logBytes, statSync(join(directory, 'records.db-wal')).size)
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, write))
    const longest = stalls()
    waits.sort((left, right) => left - right)
    const part = (share: number) => (waits[Math.floor((waits.length - 1) * share)] ?? 0).toFixed(1)
    console.log(
      `${way}: ${Math.round(waits.length / seconds)} transactions/s; ` +
        `longest stalls ${longest.slice(0, 5).map(shown).join(', ')} ms, ` +
        `${longest.filter(ms => ms > LONG_MS).length} over ${LONG_MS} ms; ` +
        `a transaction ${part(0.5)} ms (99th percentile ${part(0.99)}, longest ${part(1)}); ` +
        `log ${shown(logBytes / MIB)} MiB at most; resident ${shown(process.memoryUsage.rss() / MIB)} MiB`,
    )
    await close()
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function open(way: string, directory: string): Promise<{ records: Records; close: () => Promise<void> }> {
  if (way === 'own thread') {
    return openKeptRecords({
      directory,
      onTrouble(error) {
        if (error !== null) throw error
      },
    })
  }
  const records = await openRecords({ directory })
  return { records, close: () => records.destroy() }
}

function shown(value: number): string {
  return value.toFixed(1)
}

async function writeFacts(records: Records): Promise<void> {
  const value = 'x'.repeat(200)
  for (let server = 0; server < SERVERS; server += 100) {
    const rows = Array.from({ length: 100 * FACTS_A_SERVER }, (_, place) => ({
      ...{ subject_id: `s${server + Math.floor(place / FACTS_A_SERVER)}`, name: `f${place % FACTS_A_SERVER}` },
      ...{ value, at: 0 },
    }))
    await records.insertInto('fact').values(rows).execute()
  }
}

async function changeFacts(records: Records): Promise<void> {
  await records.transaction().execute(async tx => {
    for (let place = 0; place < FACTS_A_CHANGE; place += 1) {
      const subject = `s${Math.floor(Math.random() * SERVERS)}`
      const name = `f${Math.floor(Math.random() * FACTS_A_SERVER)}`
      await sql`update fact set at = ${Date.now()} where subject_id = ${subject} and name = ${name}`.execute(tx)
    }
  })
}

/** Answers how to end it, and how long the turns of the event loop took, the longest first. */
function watchTurns(): () => number[] {
  const turns: number[] = []
  let last = performance.now()
  let isOn = true
  const turn = () => {
    const now = performance.now()
    if (now - last > SHORT_MS) turns.push(now - last)
    last = now
    if (isOn) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    isOn = false
    return turns.sort((left, right) => right - left)
  }
}
