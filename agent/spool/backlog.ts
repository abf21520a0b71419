import { rm } from 'node:fs/promises'
import { orReadOnly } from '../platform/atomic-file.ts'
import type { NewRecord, RecordPlace, SpoolRecord } from './record.ts'
import { appendRecord, listRecords, openTail, readRecord, type Segment, type Tail } from './segments.ts'

/** The batches on disk that wait, in files. Callers take turns; nothing here may run beside itself. */
export type Backlog = {
  /** On disk when this returns; rejects, and nothing has changed, while the disk takes nothing. */
  append(record: NewRecord): Promise<void>
  /** The oldest that waits, but for these. */
  oldest(isExcepted: (number: number) => boolean): Promise<SpoolRecord | undefined>
  /** This number is done with. Files of which nothing waits any more are removed. */
  settle(number: number): Promise<void>
  /** No number below this waits; undefined when nothing does. */
  lowestWaiting(): number | undefined
  waiting(): { bytes: number; batches: number }
  /** Drops the oldest files until what is on disk fits. */
  fitInto(limitBytes: number): Promise<void>
  /** Gives back the room of what was delivered already, when the disk is full. */
  freeDeliveredTail(): Promise<void>
  close(): Promise<void>
}

/** A tail that is delivered whole is thrown away once it is this long, rather than with each acknowledgement. */
const DELIVERED_TAIL_BYTES = 64 * 1024

function orGone(error: unknown): 'gone' {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'gone'
  throw error
}

export function createBacklog(deps: {
  directory: string
  /** Oldest first, as recovered. */
  segments: Segment[]
  segmentBytes: number
  isDelivered: (number: number) => boolean
  /** `full`: the oldest had to go; `lost`: the file is gone or unreadable; `altered`: one record no longer adds up. */
  onLoss: (why: 'full' | 'lost' | 'altered', batches: number) => Promise<void>
}): Backlog {
  const { directory, segments, segmentBytes, onLoss } = deps
  let tail: Tail | undefined
  /** What waits in a file, as far as it was looked at: only the oldest and the newest are. */
  const known = new Map<Segment, RecordPlace[]>()

  const forget = async (segment: Segment): Promise<void> => {
    if (tail?.segment === segment) {
      await tail.handle.close().catch(() => {})
      tail = undefined
    }
    known.delete(segment)
    segments.splice(segments.indexOf(segment), 1)
    // Left on a disk that is read-only, it goes with the next start on one that is not.
    await rm(segment.path, { force: true }).catch(orReadOnly)
  }

  /** Someone removed the file, or nothing in it can be read: the others must not wait for its batches. */
  const giveUp = async (segment: Segment): Promise<void> => {
    await forget(segment)
    await onLoss('lost', segment.waiting.batches)
  }

  const placesIn = async (segment: Segment): Promise<RecordPlace[]> => {
    const before = known.get(segment)
    if (before !== undefined) return before
    const all = await listRecords(segment).catch(orGone)
    const places = all === 'gone' ? [] : all.filter(({ number }) => !deps.isDelivered(number))
    known.set(segment, places)
    return places
  }

  const takeOff = async (segment: Segment, number: number): Promise<void> => {
    const places = await placesIn(segment)
    const index = places.findIndex(place => place.number === number)
    const place = places[index]
    if (place === undefined) return
    places.splice(index, 1)
    segment.waiting.batches -= 1
    segment.waiting.bytes -= place.bytes
    if (places.length === 0 && (segment !== tail?.segment || segment.bytes >= DELIVERED_TAIL_BYTES)) {
      await forget(segment)
    }
  }

  const closeTail = async (): Promise<void> => {
    const closed = tail
    tail = undefined
    if (closed === undefined) return
    await closed.handle.close()
    if (closed.segment !== segments.find(({ waiting }) => waiting.batches > 0)) known.delete(closed.segment)
    if (closed.segment.waiting.batches === 0) await forget(closed.segment)
  }

  return {
    async append(record) {
      const { length } = record.whole
      if (tail !== undefined && tail.segment.count > 0 && tail.segment.bytes + length > segmentBytes) await closeTail()
      if (tail === undefined) {
        tail = await openTail(directory, record.number)
        segments.push(tail.segment)
        known.set(tail.segment, [])
      }
      const place = await appendRecord(tail, record)
      known.get(tail.segment)?.push(place)
    },

    async oldest(isExcepted) {
      // A copy: what cannot be read goes out of the list on the way.
      for (const segment of [...segments]) {
        while (segment.waiting.batches > 0) {
          const places = await placesIn(segment)
          const place = places.find(({ number }) => !isExcepted(number))
          if (place === undefined && places.length > 0) break
          const record = place && (await readRecord(segment, place).catch(orGone))
          if (record !== undefined && record !== 'gone') return record
          if (place === undefined || record === 'gone') {
            await giveUp(segment)
            break
          }
          await takeOff(segment, place.number)
          await onLoss('altered', 1)
        }
      }
      return undefined
    },

    async settle(number) {
      const segment = segments.find(({ firstNumber, lastNumber }) => firstNumber <= number && number <= lastNumber)
      if (segment !== undefined) await takeOff(segment, number)
    },

    lowestWaiting() {
      const segment = segments.find(({ waiting }) => waiting.batches > 0)
      return segment && (known.get(segment)?.[0]?.number ?? segment.firstNumber)
    },

    waiting() {
      const sum = { bytes: 0, batches: 0 }
      for (const { waiting } of segments) {
        sum.bytes += waiting.bytes
        sum.batches += waiting.batches
      }
      return sum
    },

    async fitInto(limitBytes) {
      let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
      for (let oldest = segments[0]; bytes > limitBytes && segments.length > 1 && oldest; oldest = segments[0]) {
        bytes -= oldest.bytes
        await forget(oldest)
        if (oldest.waiting.batches > 0) await onLoss('full', oldest.waiting.batches)
      }
    },

    async freeDeliveredTail() {
      if (tail !== undefined && tail.segment.waiting.batches === 0) await forget(tail.segment)
    },

    async close() {
      await tail?.handle.close().catch(() => {})
      tail = undefined
    },
  }
}
