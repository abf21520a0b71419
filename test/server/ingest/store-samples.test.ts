// From the journal into the series store: each sample once, under the device of its agent, with its time put right.
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../server/ingest/journal-entry.ts'
import { createStoreSamples } from '../../../server/ingest/store-samples.ts'
import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import { pushedClock, WEDNESDAY } from '../../contract/series-store/support.ts'
import { AGENT, journalBatch, SUBJECT } from './support.ts'

function journalEntry(number: number, change: Partial<Omit<JournalEntry, 'body' | 'packed'>> = {}): JournalEntry {
  const { body, ...rest } = journalBatch(number)
  return { ...rest, id: number, body: Buffer.from(body), ...change }
}

function setUp() {
  const series = createMemorySeriesStore({ now: pushedClock().now })
  const reports: unknown[] = []
  const unknown: unknown[] = []
  const handle = createStoreSamples({
    series,
    subjectOf: async agentId => (agentId === AGENT ? SUBJECT : null),
    onUnknownAgent: entry => unknown.push(entry),
    onStored: report => reports.push(report),
  })
  return { series, handle, reports, unknown }
}

describe('storing the samples of journal entries', () => {
  it('puts them under the device; the same entries again change nothing', async () => {
    const { series, handle, reports } = setUp()
    await handle([journalEntry(1)])
    await handle([journalEntry(1)])
    const latest = await series.latest({ subjectIds: [SUBJECT] })
    expect(latest.map(({ key, at, value }) => [key.metric, key.agentId, at, value]).sort()).toEqual([
      ['cpu_busy_ratio', AGENT, WEDNESDAY, 0.25],
      ['network_receive_bytes_per_second', AGENT, WEDNESDAY, 12_500],
    ])
    const rest = { tooLate: 0, tooEarly: 0, correctedBatches: 0, negativeGrowthPoints: 0 }
    expect(reports).toEqual([
      { stored: 2, duplicates: 0, ...rest },
      { stored: 0, duplicates: 2, ...rest },
    ])
  })

  it('corrects the times of an agent whose clock is wrong, the same on every replay', async () => {
    const { series, handle, reports } = setUp()
    const hourFast = journalEntry(1, { sentAt: WEDNESDAY + 3_600_000, receivedAt: WEDNESDAY })
    await handle([hourFast])
    await handle([hourFast])
    expect((await series.latest()).map(({ at }) => at)).toEqual([WEDNESDAY - 3_600_000, WEDNESDAY - 3_600_000])
    expect(reports).toMatchObject([{ stored: 2, correctedBatches: 1 }, { duplicates: 2 }])
  })

  it('tells of an agent that is on no record, and stores the others', async () => {
    const { series, handle, unknown } = setUp()
    await handle([journalEntry(1, { agentId: 'nobody' }), journalEntry(2)])
    expect(unknown).toEqual([{ id: 1, agentId: 'nobody' }])
    expect(await series.latest()).toHaveLength(2)
  })
})
