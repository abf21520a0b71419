// A store in a real process that is killed while it puts a week together, each time from the same beginning.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { numberedSamples } from './numbered.ts'
import { LATER, lookAtParts, partsTruth, WEEK, writeParts } from './parts.ts'
import { temporaryDirectory } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const CHILD = fileURLToPath(new URL('./appending-child.ts', import.meta.url))
const CITY = { series: 40, windows: 24 }
/** Within so long the child is through with it on a machine that has nothing else to do. */
const LONGEST_MS = 300

/** Resolves with what the child acknowledged until it was killed. */
async function appendUntilKilled(directory: string, afterMs: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, directory, '1', String(LATER), String(64 * 1024 * 1024)])
  let printed = ''
  child.stdout.on('data', data => {
    printed += data
  })
  const exited = once(child, 'exit')
  while (!printed.includes('\n') && child.exitCode === null) await sleep(2)
  await sleep(afterMs)
  child.kill('SIGKILL')
  await exited
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n').map(Number)
}

/** Resolves with how often the kill came while the new file was being made or before. */
export async function playKillsWhilePuttingTogether({ kills }: { kills: number }): Promise<number> {
  const directory = temporaryDirectory()
  const truth = partsTruth(CITY)
  let early = 0
  try {
    const prepared = join(directory.path, 'prepared')
    writeParts(prepared, CITY)
    for (let kill = 0; kill < kills; kill++) {
      const path = join(directory.path, String(kill))
      cpSync(prepared, path, { recursive: true })
      const acknowledged = await appendUntilKilled(path, (LONGEST_MS * kill) / kills)
      if (lookAtParts(path).parts > 1) early++
      const engine = openTestEngine({ directory: path })
      const expectWhole = async () => {
        expect(await engine.verify()).toEqual({ ok: true, problems: [] })
        const found = new Map((await engine.front.raw(WEEK)).map(({ key, samples }) => [key.labels.device, samples]))
        for (const [device, samples] of truth) expect(found.get(device)).toEqual(samples)
        const late = new Map(found.get('a'))
        for (const number of acknowledged) {
          const [[at, value] = [0, 0]] = numberedSamples(number, LATER)
          expect(late.get(at)).toBe(value)
        }
      }
      await expectWhole()
      engine.settle(LATER)
      await expectWhole()
      engine.close()
    }
    return early
  } finally {
    directory.remove()
  }
}
