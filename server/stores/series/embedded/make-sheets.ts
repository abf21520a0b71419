// Does the jobs that make sheets: samples and rows in, packed sheets out, one at a time. Owns nothing but what it reads from.
import { gatherChunks, slabOf } from './chunk-pool.ts'
import { createSampleCodec, createSampleColumns } from './codec/sample-block.ts'
import { createTierCodec, createTierRows } from './codec/tier-block.ts'
import type { DamageList } from './damage.ts'
import type { WindowSamples } from './head-window.ts'
import { rollUpRows, rollUpSamples } from './rollup-rows.ts'
import type { SheetJob } from './sheet-jobs.ts'
import { WEEKLY } from './sheet-jobs.ts'
import { openSheetSources, type SheetSources } from './sheet-sources.ts'
import { createSheetWriter, type Sheet } from './sheet-writer.ts'
import { DAY_MS, type Level, TIERS } from './windows.ts'

/** A sheet and which of the job's files it belongs to. */
export type MadeSheet = { into: 'samples' | Level; sheet: Sheet }

/** Series that are read at once. */
const TOGETHER = 32

function* packWindow({ ids, newest, counts, memory }: WindowSamples): Generator<MadeSheet> {
  const writer = createSheetWriter()
  const codec = createSampleCodec()
  const columns = createSampleColumns()
  const slabs = memory.map(slabOf)
  for (let place = 0; place < ids.length; place++) {
    columns.length = 0
    gatherChunks(slabs, { newest: newest[place] ?? -1, count: counts[place] ?? 0, base: 0 }, columns)
    codec.write(writer.sink, columns.times, columns.values, columns.length)
    writer.end(ids[place] ?? 0, columns.length)
    if (writer.isFull()) yield { into: 'samples', sheet: writer.take() }
  }
  if (!writer.isEmpty()) yield { into: 'samples', sheet: writer.take() }
}

function* rollDay({ day, ids }: SheetJob & { kind: 'day' }, { raw }: SheetSources): Generator<MadeSheet> {
  const writer = createSheetWriter()
  const codec = createTierCodec()
  const rows = createTierRows(1440)
  const { slotMs } = TIERS.minute
  for (let first = 0; first < ids.length; first += TOGETHER) {
    const some = ids.subarray(first, first + TOGETHER)
    for (const [place, columns] of raw.read(some, day, day + DAY_MS).entries()) {
      rollUpSamples(columns, slotMs, rows)
      if (rows.length === 0) continue
      codec.write(writer.sink, rows, day / slotMs)
      writer.end(some[place] ?? 0, rows.length)
      if (writer.isFull()) yield { into: 'minute', sheet: writer.take() }
    }
  }
  if (!writer.isEmpty()) yield { into: 'minute', sheet: writer.take() }
}

function* rollWeek({ week, ids, days }: SheetJob & { kind: 'week' }, sources: SheetSources): Generator<MadeSheet> {
  const codec = createTierCodec()
  const kinds = WEEKLY.map(into => ({
    ...{ into, writer: createSheetWriter() },
    rows: Array.from({ length: TOGETHER }, () => createTierRows()),
  }))
  for (let first = 0; first < ids.length; first += TOGETHER) {
    const some = ids.subarray(first, first + TOGETHER)
    const placeOf = new Map(Array.from(some, (id, place) => [id, place]))
    for (const { rows } of kinds) for (const row of rows) row.length = 0
    for (const { path, span, sheets } of days) {
      sources.readRows({ file: sources.file(path), sheets, level: 'minute', span }, some, (id, minutes) => {
        for (const { into, rows } of kinds) {
          const coarse = rows[placeOf.get(id) ?? -1]
          if (coarse !== undefined) rollUpRows(minutes, TIERS[into].slotMs / TIERS.minute.slotMs, coarse)
        }
      })
    }
    for (const { into, writer, rows } of kinds) {
      for (let place = 0; place < some.length; place++) {
        const coarse = rows[place]
        if (coarse === undefined || coarse.length === 0) continue
        codec.write(writer.sink, coarse, Math.floor(week / TIERS[into].slotMs))
        writer.end(some[place] ?? 0, coarse.length)
        if (writer.isFull()) yield { into, sheet: writer.take() }
      }
    }
  }
  for (const { into, writer } of kinds) if (!writer.isEmpty()) yield { into, sheet: writer.take() }
}

/** The bytes of a sheet are good until the next one is asked for. Throws StorageError. */
export function* makeSheets(job: SheetJob, damage: Pick<DamageList, 'note'>): Generator<MadeSheet> {
  if (job.kind === 'window') {
    yield* packWindow(job.samples)
    return
  }
  const sources = openSheetSources(job.kind === 'day' ? job.windows : job.days, damage)
  try {
    if (job.kind === 'day') yield* rollDay(job, sources)
    else yield* rollWeek(job, sources)
  } finally {
    sources.close()
  }
}
