// The embedded store on a real disk that is really full.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { DAY_MS, entry, HOUR_MS, seriesKey, smallDisk, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const now = () => WEDNESDAY
const { subjectId, metric } = seriesKey()
const everything = { subjectId, metric, from: 0, to: WEDNESDAY + DAY_MS }

function thousand(number: number): [number, number][] {
  return Array.from({ length: 1000 }, (_, index) => [WEDNESDAY - DAY_MS + number * 1000 + index, number])
}

it('refuses with storage-full, keeps what it acknowledged, and takes samples again when there is space', async () => {
  const disk = smallDisk(4096)
  try {
    const filler = join(disk.path, 'filler')
    writeFileSync(filler, Buffer.alloc(1_000_000))
    const directory = join(disk.path, 'series')
    const store = await createEmbeddedSeriesStore({ directory, now })
    const acknowledged: number[] = []
    let refusal: unknown
    for (let number = 0; number < 500 && refusal === undefined; number++) {
      try {
        await store.append([entry(thousand(number))])
        acknowledged.push(number)
      } catch (error) {
        refusal = error
      }
    }
    expect(refusal).toMatchObject({ code: 'storage-full' })
    expect(acknowledged.length).toBeGreaterThan(5)
    const count = async () => (await store.raw(everything))[0]?.samples.length
    expect(await count()).toBe(acknowledged.length * 1000)
    await expect(store.append([entry(thousand(acknowledged.length))])).rejects.toMatchObject({ code: 'storage-full' })
    rmSync(filler)
    expect(await store.append([entry(thousand(acknowledged.length))])).toMatchObject({ stored: 1000 })
    expect(await store.append([entry([[WEDNESDAY - 14 * DAY_MS, 1]])])).toMatchObject({ stored: 1 })
    expect(await store.check()).toEqual({ ok: true, problems: [] })
    await store.close()

    const again = await createEmbeddedSeriesStore({ directory, now })
    const [series] = await again.raw(everything)
    expect(series?.samples).toEqual([
      [WEDNESDAY - 14 * DAY_MS, 1],
      ...[...acknowledged, acknowledged.length].flatMap(thousand),
    ])
    await again.close()
  } finally {
    disk.remove()
  }
})

/** To the last byte. */
function fill(path: string): void {
  for (const bytes of [100_000, 1_000, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(bytes))
    } catch {
      // Smaller pieces may still fit.
    }
  }
}

it('keeps what it cannot put into blocks while the disk is full, says so, and does it when there is space', async () => {
  const disk = smallDisk(12_288)
  try {
    const filler = join(disk.path, 'filler')
    const directory = join(disk.path, 'series')
    const engine = openTestEngine({ directory })
    for (let number = 0; number < 40; number++) engine.appendAtOnce([[entry(thousand(number))]], WEDNESDAY)
    const expected = Array.from({ length: 40 }, (_, number) => thousand(number)).flat()
    const kept = async () => (await engine.front.raw(everything))[0]?.samples
    fill(filler)

    let at = WEDNESDAY + HOUR_MS
    const workUntil = async (isDone: () => boolean) => {
      while (!isDone()) {
        at += 100
        engine.work(at)
        await turn()
      }
    }
    const problem = () => engine.check().problems.find(({ message }) => message.startsWith('writing blocks'))
    await workUntil(() => problem() !== undefined)
    expect(problem()).toMatchObject({ code: 'storage-full' })
    expect(() => engine.settle(at)).toThrow(expect.objectContaining({ code: 'storage-full' }))
    expect(await kept()).toEqual(expected)

    rmSync(filler)
    await workUntil(() => engine.check().ok)
    engine.settle(at + DAY_MS)
    expect(await kept()).toEqual(expected)
    expect((await engine.front.size()).samples).toBe(expected.length)
    engine.close()

    const again = openTestEngine({ directory })
    expect(again.check()).toEqual({ ok: true, problems: [] })
    expect((await again.front.raw(everything))[0]?.samples).toEqual(expected)
    again.close()
  } finally {
    disk.remove()
  }
})
