// A store in a real process that is killed again and again without warning, and what must be in it afterwards.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { numberedEntries, numberedSamples, SERIES } from './numbered.ts'
import { seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'

const CHILD = fileURLToPath(new URL('./appending-child.ts', import.meta.url))

export type KillStory = {
  kills: number
  /** A small one makes the store flush and roll up all the time, so that kills hit those, too. */
  memoryLimitBytes: number
}

/** Lets a child append until a random moment after its first acknowledgement; returns what it acknowledged. */
async function appendUntilKilled(directory: string, first: number, memoryLimitBytes: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, directory, String(first), String(WEDNESDAY), String(memoryLimitBytes)])
  let printed = ''
  let complaint = ''
  child.stdout.on('data', data => {
    printed += data
  })
  child.stderr.on('data', data => {
    complaint += data
  })
  const exited = once(child, 'exit')
  while (!printed.includes('\n') && child.exitCode === null) await sleep(2)
  await sleep(Math.random() * 150)
  child.kill('SIGKILL')
  await exited
  if (child.exitCode !== null) throw new Error(`the child ended by itself: ${complaint}`)
  // The last line may be cut off in the middle: only whole lines are acknowledgements.
  return printed
    .slice(0, printed.lastIndexOf('\n') + 1)
    .trim()
    .split('\n')
    .map(Number)
}

/** Resolves with how many appends were acknowledged. */
export async function playKills({ kills, memoryLimitBytes }: KillStory): Promise<number> {
  const directory = temporaryDirectory()
  try {
    const acknowledged: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      const first = (acknowledged.at(-1) ?? 0) + 100
      for (const number of await appendUntilKilled(directory.path, first, memoryLimitBytes)) acknowledged.push(number)
      acknowledged.sort((a, b) => a - b)
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(kills)

    const store = await createEmbeddedSeriesStore({ directory: directory.path, now: () => WEDNESDAY })
    expect(await store.verify()).toEqual({ ok: true, problems: [] })
    const { subjectId, metric } = seriesKey()
    const kept = await store.raw({ subjectId, metric, from: 0, to: WEDNESDAY })
    expect(kept.map(({ key }) => key.labels.device).sort()).toEqual([...SERIES])
    for (const { samples } of kept) {
      const values = new Map(samples)
      expect(values.size).toBe(samples.length)
      for (const number of acknowledged) {
        for (const [at, value] of numberedSamples(number, WEDNESDAY)) expect(values.get(at)).toBe(value)
      }
    }
    const tally = (await store.size()).samples
    expect(tally).toBe(kept.reduce((total, { samples }) => total + samples.length, 0))

    for (const number of acknowledged.slice(-20)) {
      expect(await store.append(numberedEntries(number, WEDNESDAY))).toMatchObject({ stored: 0, duplicates: 6 })
    }
    await store.close()
    return acknowledged.length
  } finally {
    directory.remove()
  }
}
