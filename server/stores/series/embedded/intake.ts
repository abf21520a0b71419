// Takes samples in: into the log with one fsync for all that wait, then into the head, each instant of a series once.
import { EARLY_MS, LATE_MS } from '../append-limits.ts'
import type { AppendReport } from '../series-store.ts'
import type { PackedAppend } from './engine-calls.ts'
import type { Head } from './head.ts'
import type { LastTable } from './last-table.ts'
import type { Ledger, SeriesName } from './ledger.ts'
import type { RawReader } from './raw-reader.ts'
import type { LoggedSamples, SeriesLog } from './series-log.ts'
import { startOf, WINDOW_MS } from './windows.ts'

/** Appends that are in the log and not yet in the head. */
export type LoggedAppends = {
  appends: readonly PackedAppend[]
  /** Which samples of each are in time, as places in it. */
  chosen: readonly Uint32Array[]
  reports: AppendReport[]
  /** Of the log: the first of its records, and the segment that they begin in. */
  number: number
  segment: number
}

export type Intake = {
  /** Those series of the append that have no name, neither in it nor in the ledger, or one that was dropped. */
  unnamed(append: PackedAppend): readonly number[]
  /**
   * Into the log, which is to be synced before anyone is told. Throws StorageError, and then nothing of it counts. `anyAge`: how
   * late they are does not matter.
   */
  write(appends: readonly PackedAppend[], anyAge?: boolean): LoggedAppends
  /** Into the head, once they are durable; in the order of their writing. */
  take(logged: LoggedAppends): AppendReport[]
  /** They did not become durable: as if they had never come. */
  dismiss(logged: LoggedAppends): void
  /** The first log record that the head has not taken yet, and its segment; null when it has them all. */
  untaken(): { number: number; segment: number } | null
  /** Puts what the log has into the head again; `isFlushed` says of a record whether its window has it in blocks already. */
  replay(samples: LoggedSamples, isFlushed: (window: number, record: number) => boolean): void
}

const NONE: readonly number[] = []

/** A record's times lie within so much of each other: 32 bits of milliseconds. */
const RECORD_SPAN_MS = 2 ** 32 - 1

export function createIntake(deps: {
  log: () => SeriesLog
  head: Head
  last: LastTable
  ledger: Ledger
  raw: RawReader
  /** Older samples are too late. */
  rawFrom: () => number
}): Intake {
  const { head, last, ledger, raw } = deps
  let everything = new Uint32Array(0)
  /** Oldest first. */
  const untaken: LoggedAppends[] = []

  function insert(id: number, at: number, value: number, segment: number, since: number): boolean {
    // Later than all that the series ever had: new, without a look anywhere.
    const isLatest = at > last.at(id)
    if (!isLatest) {
      const frozen = head.frozen()
      if (frozen !== null && frozen.from === startOf(at, WINDOW_MS) && frozen.has(id, at)) return false
      if (raw.blocksHave(id, at)) return false
    }
    if (!head.windowFor(at, segment, since).add(id, at, value)) return false
    if (isLatest) last.note(id, at, value)
    return true
  }

  /** [0, count): every place, without an array of its own for each append. */
  function everyPlace(count: number): Uint32Array {
    if (everything.length < count) everything = Uint32Array.from({ length: count * 2 }, (_, place) => place)
    return everything.subarray(0, count)
  }

  /** Which samples of an append are in time, as places in it. */
  function timely({ now, ats }: PackedAppend, anyAge: boolean, report: AppendReport): Uint32Array {
    const earliest = anyAge ? 0 : Math.max(now - LATE_MS, deps.rawFrom())
    const latest = anyAge ? Number.POSITIVE_INFINITY : now + EARLY_MS
    for (let place = 0; place < ats.length; place++) {
      const at = ats[place] ?? 0
      if (at > latest) report.tooEarly++
      else if (at < earliest) report.tooLate++
    }
    const every = everyPlace(ats.length)
    if (report.tooEarly + report.tooLate === 0) return every
    return every.filter(place => {
      const at = ats[place] ?? 0
      return at >= earliest && at <= latest
    })
  }

  function nameAll(appends: readonly PackedAppend[]): void {
    const unknown = new Map<number, SeriesName>()
    for (const { names } of appends) {
      for (const name of names) if (!ledger.has(name[0])) unknown.set(name[0], name)
    }
    if (unknown.size > 0) ledger.addNames([...unknown.values()])
  }

  function writeRecords(appends: readonly PackedAppend[], chosen: readonly Uint32Array[]): void {
    let least = Number.POSITIVE_INFINITY
    let greatest = 0
    let count = 0
    for (const [number, places] of chosen.entries()) {
      const ats = appends[number]?.ats ?? new Float64Array()
      count += places.length
      for (let index = 0; index < places.length; index++) {
        const at = ats[places[index] ?? 0] ?? 0
        if (at < least) least = at
        if (at > greatest) greatest = at
      }
    }
    if (count === 0) return
    if (greatest - least > RECORD_SPAN_MS) {
      // Only what is of any age is so far apart.
      for (const [number, places] of chosen.entries()) writeApart(appends[number], places)
      return
    }
    const { values, offsets, ids } = deps.log().columns(count)
    let next = 0
    for (const [number, places] of chosen.entries()) {
      const append = appends[number]
      if (append === undefined) continue
      for (let index = 0; index < places.length; index++) {
        const place = places[index] ?? 0
        values[next] = append.values[place] ?? 0
        offsets[next] = (append.ats[place] ?? 0) - least
        ids[next++] = append.ids[place] ?? 0
      }
    }
    deps.log().write(least, count)
  }

  function writeApart(append: PackedAppend | undefined, places: Uint32Array): void {
    if (append === undefined) return
    const middle = places.length >>> 1
    if (places.length === 1) writeRecords([append], [places])
    else for (const half of [places.subarray(0, middle), places.subarray(middle)]) writeRecords([append], [half])
  }

  function leave(logged: LoggedAppends): void {
    const place = untaken.indexOf(logged)
    if (place >= 0) untaken.splice(place, 1)
  }

  return {
    unnamed({ ids, names }) {
      const own = new Set(names.map(([id]) => id).filter(id => !ledger.wasDropped(id)))
      let unnamed: Set<number> | null = null
      for (let place = 0; place < ids.length; place++) {
        const id = ids[place] ?? 0
        if (ledger.has(id) || own.has(id)) continue
        unnamed ??= new Set()
        unnamed.add(id)
      }
      return unnamed === null ? NONE : [...unnamed]
    },

    write(appends, anyAge = false) {
      const reports = appends.map((): AppendReport => ({ stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }))
      const chosen = appends.map((append, number) => timely(append, anyAge, reports[number] as AppendReport))
      nameAll(appends)
      const log = deps.log()
      const logged = { appends, chosen, reports, number: log.nextNumber(), segment: log.segment() }
      writeRecords(appends, chosen)
      untaken.push(logged)
      return logged
    },

    take(logged) {
      const { appends, chosen, reports, segment } = logged
      leave(logged)
      for (const [number, { ids, ats, values, now }] of appends.entries()) {
        const places = chosen[number] ?? new Uint32Array()
        const report = reports[number] as AppendReport
        for (let index = 0; index < places.length; index++) {
          const place = places[index] ?? 0
          if (insert(ids[place] ?? 0, ats[place] ?? 0, values[place] ?? 0, segment, now)) report.stored++
          else report.duplicates++
        }
      }
      return reports
    },

    dismiss: leave,
    untaken: () => untaken[0] ?? null,

    replay({ number, base, count, ids, offsets, values, segment }, isFlushed) {
      const from = deps.rawFrom()
      for (let index = 0; index < count; index++) {
        const id = ids[index] ?? 0
        const at = base + (offsets[index] ?? 0)
        const value = values[index] ?? 0
        if (at < from) continue
        if (isFlushed(startOf(at, WINDOW_MS), number)) last.note(id, at, value)
        else insert(id, at, value, segment, 0)
      }
    },
  }
}
