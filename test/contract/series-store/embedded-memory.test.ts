// The memory bound of the embedded store: what it was told, it keeps to, whatever comes and however late.
import { expect, it } from 'vitest'
import { DAY_MS, entry, HOUR_MS, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const MIB = 1024 * 1024
const SERIES = 1_000
const SAMPLES = 5
/** What does not grow with the samples: caches and tables, and one append that is still on its way in. */
const REST = 2 * MIB

const device = (number: number) => ({ labels: { device: `d${number}` } })

it.each([
  ['of one window', 60, () => 0],
  ['that come up to three weeks late, in no order', 60, (round: number) => ((round * 7) % 20) * DAY_MS],
])('keeps samples %s under the limit and loses none', async (_, rounds, lateMs) => {
  const directory = temporaryDirectory()
  try {
    const engine = openTestEngine({ directory: directory.path, memoryLimitBytes: MIB })
    let most = 0
    for (let round = 0; round < rounds; round++) {
      const at = WEDNESDAY - lateMs(round) + round * SAMPLES
      const samples = Array.from({ length: SAMPLES }, (_, place): [number, number] => [at + place, round])
      const entries = Array.from({ length: SERIES }, (_, number) => entry(samples, device(number)))
      expect(engine.appendAtOnce([entries], WEDNESDAY)).toMatchObject([{ stored: SERIES * SAMPLES }])
      most = Math.max(most, engine.size().memoryBytes)
    }
    // The samples alone would need more.
    expect(SERIES * rounds * SAMPLES * 12).toBeGreaterThan(MIB + REST)
    expect(most).toBeLessThan(MIB + REST)
    engine.settle(WEDNESDAY + HOUR_MS)
    const size = await engine.front.size()
    expect(size).toMatchObject({ series: SERIES, samples: SERIES * rounds * SAMPLES, memoryLimitBytes: MIB })
    const { subjectId, metric } = seriesKey()
    const [kept] = await engine.front.raw({ subjectId, metric, ...device(7), from: 0, to: WEDNESDAY + DAY_MS })
    const values = kept?.samples.map(([, value]) => value).sort((a, b) => a - b)
    expect(values).toEqual(Array.from({ length: rounds * SAMPLES }, (_, place) => Math.floor(place / SAMPLES)))
    engine.close()
  } finally {
    directory.remove()
  }
})
