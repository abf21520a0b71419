// A copy of the embedded store that is taken while it is written to.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import type { SeriesStore } from '../../../server/stores/series/series-store.ts'
import { numberedEntries, numberedSamples, SERIES } from './numbered.ts'
import { seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const { subjectId, metric } = seriesKey()
const now = () => WEDNESDAY

async function kept(store: SeriesStore): Promise<Map<string, Map<number, number>>> {
  const series = await store.raw({ subjectId, metric, from: 0, to: WEDNESDAY })
  return new Map(series.map(({ key, samples }) => [key.labels.device ?? '', new Map(samples)]))
}

it('has all that was acknowledged before it began, and is a store of its own', { timeout: 60_000 }, async () => {
  const directory = temporaryDirectory()
  const copies = temporaryDirectory()
  const store = await createEmbeddedSeriesStore({ directory: directory.path, now, memoryLimitBytes: 4096, groupMs: 1 })
  let number = 0
  let isWriting = true
  const writing = Array.from({ length: 4 }, async () => {
    while (isWriting) {
      const mine = ++number
      await store.append(numberedEntries(mine, WEDNESDAY))
      acknowledged.push(mine)
    }
  })
  const acknowledged: number[] = []
  try {
    for (let round = 0; round < 3; round++) {
      const reached = acknowledged.length
      await expect.poll(() => acknowledged.length, { timeout: 50_000 }).toBeGreaterThan(reached + 50)
      const before = [...acknowledged]
      const copy = join(copies.path, `copy-${round}`)
      const { files, bytes } = await store.backup(copy)
      expect(files).toBeGreaterThan(2)
      expect(bytes).toBeGreaterThan(1000)
      const restored = await createEmbeddedSeriesStore({ directory: copy, now })
      expect(await restored.verify()).toEqual({ ok: true, problems: [] })
      const values = await kept(restored)
      expect([...values.keys()].sort()).toEqual([...SERIES])
      for (const known of before) {
        for (const [at, value] of numberedSamples(known, WEDNESDAY)) {
          for (const device of SERIES) expect(values.get(device)?.get(at)).toBe(value)
        }
      }
      expect(await restored.append(numberedEntries(1_000_000, WEDNESDAY))).toMatchObject({ stored: 6 })
      await restored.close()
    }
  } finally {
    isWriting = false
    await Promise.all(writing)
    await store.close()
    directory.remove()
    copies.remove()
  }
})

it('goes nowhere but into a directory of its own', async () => {
  const directory = temporaryDirectory()
  const engine = openTestEngine({ directory: join(directory.path, 'store') })
  const full = join(directory.path, 'full')
  mkdirSync(full)
  writeFileSync(join(full, 'file'), '')
  await expect(engine.backup(full)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(full) })
  writeFileSync(join(directory.path, 'no-directory'), '')
  await expect(engine.backup(join(directory.path, 'no-directory'))).rejects.toMatchObject({ code: 'storage-failed' })
  engine.close()
  directory.remove()
})
