// Does the jobs that make sheets: samples and rows in, packed sheets out, one at a time. Owns nothing but what it reads from, and
// the memory that it packs in, which is the same for all jobs: else each would leave megabytes for a collector that is in no hurry.

import { StorageError } from '../../durable/storage-error.ts'
import { gatherChunks, slabOf } from './chunk-pool.ts'
import { createSampleCodec, createSampleColumns } from './codec/sample-block.ts'
import { createTierCodec, createTierRows } from './codec/tier-block.ts'
import { type DamageList, REPAIRED } from './damage.ts'
import type { WindowSamples } from './head-window.ts'
import { rollUpRows, rollUpSamples } from './rollup-rows.ts'
import { type SheetJob, type SpanSheets, WEEKLY } from './sheet-jobs.ts'
import { openSheetSources, type SheetSources } from './sheet-sources.ts'
import { createSheetWriter, type Sheet } from './sheet-writer.ts'
import { DAY_MS, type Level, TIERS, WINDOW_MS } from './windows.ts'

/** A sheet and which of the job's files it belongs to. */
export type MadeSheet = { into: 'samples' | Level; sheet: Sheet }

/** The bytes of a sheet are good until the next one is asked for; one job of a kind at a time. Throws StorageError. */
export type MakeSheets = (job: SheetJob) => Generator<MadeSheet>

/** Series that are read at once. */
const TOGETHER = 32

function createWindowPacker() {
  const writer = createSheetWriter()
  const codec = createSampleCodec()
  const columns = createSampleColumns()

  return function* pack({ ids, newest, counts, memory }: WindowSamples): Generator<MadeSheet> {
    writer.clear()
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
}

function createPartJoiner() {
  const writer = createSheetWriter()
  const codec = createSampleCodec()

  return function* join(parts: SpanSheets, { raw, idsOf }: SheetSources): Generator<MadeSheet> {
    const { span } = parts
    writer.clear()
    const ids = idsOf(parts)
    for (let first = 0; first < ids.length; first += TOGETHER) {
      const some = ids.subarray(first, first + TOGETHER)
      for (const [place, { times, values, length }] of raw.read(some, span, span + WINDOW_MS).entries()) {
        if (length === 0) continue
        for (let index = 0; index < length; index++) times[index] = (times[index] ?? 0) - span
        codec.write(writer.sink, times, values, length)
        writer.end(some[place] ?? 0, length)
        if (writer.isFull()) yield { into: 'samples', sheet: writer.take() }
      }
    }
    if (!writer.isEmpty()) yield { into: 'samples', sheet: writer.take() }
  }
}

/** Tells of damage as ever, and stops there: what nobody can read any more stays where it is, for somebody to look at. */
function stopAtDamage(damage: Pick<DamageList, 'note'>): Pick<DamageList, 'note'> {
  return {
    note(place, what) {
      damage.note(place, what)
      if (what !== REPAIRED) throw new StorageError('damaged', `${place}: ${what}`)
    },
  }
}

function createDayRoller() {
  const writer = createSheetWriter()
  const codec = createTierCodec()
  const rows = createTierRows(1440)
  const { slotMs } = TIERS.minute

  return function* roll({ day, ids }: SheetJob & { kind: 'day' }, { raw }: SheetSources): Generator<MadeSheet> {
    writer.clear()
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
}

function createWeekRoller() {
  const codec = createTierCodec()
  const kinds = WEEKLY.map(into => ({
    ...{ into, writer: createSheetWriter() },
    rows: Array.from({ length: TOGETHER }, () => createTierRows()),
  }))

  return function* roll({ week, ids, days }: SheetJob & { kind: 'week' }, sources: SheetSources): Generator<MadeSheet> {
    for (const { writer } of kinds) writer.clear()
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
}

export function createSheetMaker(damage: Pick<DamageList, 'note'>): MakeSheets {
  const packWindow = createWindowPacker()
  const joinParts = createPartJoiner()
  const rollDay = createDayRoller()
  const rollWeek = createWeekRoller()

  return function* makeSheets(job) {
    if (job.kind === 'window') {
      yield* packWindow(job.samples)
      return
    }
    const sources =
      job.kind === 'parts'
        ? openSheetSources([job.parts], stopAtDamage(damage))
        : openSheetSources(job.kind === 'day' ? job.windows : job.days, damage)
    try {
      if (job.kind === 'parts') yield* joinParts(job.parts, sources)
      else if (job.kind === 'day') yield* rollDay(job, sources)
      else yield* rollWeek(job, sources)
    } finally {
      sources.close()
    }
  }
}
