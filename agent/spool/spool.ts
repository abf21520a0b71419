import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Log, reasonOf } from '../platform/logger.ts'
import { createTurns } from '../platform/turns.ts'
import { type LedgerEntry, openLedger } from './ledger.ts'
import { createNumbers, RESERVED_AHEAD } from './numbers.ts'
import { HEAD_BYTES, type RecordPlace, type SpoolRecord } from './record.ts'
import { setAside } from './rejected.ts'
import {
  appendRecord,
  listRecords,
  openTail,
  readRecord,
  recoverSegments,
  type Segment,
  type Tail,
} from './segments.ts'

export type SpoolStats = {
  /** What waits for delivery. */
  bytes: number
  batches: number
  /** Since the spool was made. */
  dropped: number
  rejected: number
}

export type Spool = {
  /** Instance of this spool (UUID). */
  id: string
  /** Gives the batch its number and keeps it: on disk when this returns, in memory while the disk takes nothing. */
  append(atMs: number, encode: (number: number) => Buffer): Promise<void>
  /** The oldest batch that is not acknowledged yet; the same one until it is. */
  next(): Promise<SpoolRecord | undefined>
  /** Forgets this batch and all before it. */
  acknowledge(number: number): Promise<void>
  /** Takes a batch that the collector will never accept out of the way, into the folder `rejected`. */
  reject(record: SpoolRecord, problem: string): Promise<void>
  stats(): SpoolStats
  close(): Promise<void>
}

/** A tail that is delivered whole is thrown away once it is this long, rather than with each acknowledgement. */
const DELIVERED_TAIL_BYTES = 64 * 1024

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Opens the spool in `directory`, makes it when it is new, and mends what a kill or a bad disk left behind. */
export async function openSpool(deps: {
  directory: string
  log: Log
  limitBytes: number
  /** So many batches are held in memory while the disk takes nothing. */
  memoryBatches: number
}): Promise<Spool> {
  const { directory, log, limitBytes, memoryBatches } = deps
  const segmentBytes = Math.min(Math.max(Math.floor(limitBytes / 16), 16 * 1024), 1024 * 1024)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { ledger, entry: kept, doubtful } = await openLedger(join(directory, 'ledger'))
  const { segments, damaged } = await recoverSegments(directory)

  const highest = segments.at(-1)?.lastNumber ?? 0
  const entry: LedgerEntry = kept ?? { spool: randomUUID(), reserved: 0, acknowledged: 0, dropped: 0, rejected: 0 }
  entry.dropped += damaged
  const first = Math.max(entry.reserved, highest) + 1 + (doubtful ? 2 * RESERVED_AHEAD : 0)
  entry.reserved = first + RESERVED_AHEAD
  await ledger.write(entry, 'durable')
  if (damaged > 0) log.error({ damaged }, 'spool had damaged records, which are lost')

  const turns = createTurns()
  let tail: Tail | undefined
  let head: { segment: Segment; places: RecordPlace[] } | undefined
  let memory: SpoolRecord[] = []
  let disk: 'ok' | 'failing' = 'ok'

  const note = async (how: 'durable' | 'relaxed'): Promise<boolean> => {
    try {
      await ledger.write(entry, how)
      return true
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'spool cannot write its ledger')
      return false
    }
  }

  const numbers = createNumbers({
    first,
    reserve(through) {
      entry.reserved = through
      return note('durable')
    },
  })

  const forget = async (segment: Segment): Promise<void> => {
    if (tail?.segment === segment) {
      await tail.handle.close().catch(() => {})
      tail = undefined
    }
    if (head?.segment === segment) head = undefined
    segments.splice(segments.indexOf(segment), 1)
    await rm(segment.path, { force: true })
  }

  /** Someone removed the file, or nothing in it can be read: its batches are gone, and the others must not wait for them. */
  const giveUp = async (segment: Segment, batches: number): Promise<void> => {
    entry.dropped += batches
    await note('relaxed')
    log.error({ batches }, 'spool lost a file, its batches are gone')
    await forget(segment)
  }

  /** The oldest segment with anything to deliver, and where in it. */
  const loadHead = async (): Promise<{ segment: Segment; places: RecordPlace[] } | undefined> => {
    for (;;) {
      if (head !== undefined && head.places.length > 0) return head
      const segment = segments.find(({ lastNumber }) => lastNumber > entry.acknowledged)
      if (segment === undefined) return undefined
      const places = await listRecords(segment).catch(error => {
        if (hasCode(error, 'ENOENT')) return []
        throw error
      })
      head = { segment, places: places.filter(({ number }) => number > entry.acknowledged) }
      if (head.places.length > 0) return head
      await giveUp(segment, segment.count)
    }
  }

  const pendingIn = (segment: Segment): { bytes: number; batches: number } => {
    if (head?.segment === segment) {
      return { bytes: head.places.reduce((sum, place) => sum + place.bytes, 0), batches: head.places.length }
    }
    return entry.acknowledged < segment.firstNumber
      ? { bytes: segment.bytes, batches: segment.count }
      : { bytes: 0, batches: 0 }
  }

  const dropOldestBeyondLimit = async (): Promise<void> => {
    let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
    for (let oldest = segments[0]; bytes > limitBytes && segments.length > 1 && oldest; oldest = segments[0]) {
      const lost = pendingIn(oldest).batches
      bytes -= oldest.bytes
      await forget(oldest)
      if (lost === 0) continue
      entry.dropped += lost
      await note('relaxed')
      log.error({ batches: lost, dropped: entry.dropped }, 'spool is full, its oldest batches are dropped')
    }
  }

  const persist = async (record: SpoolRecord): Promise<void> => {
    const length = HEAD_BYTES + record.body.length
    if (tail !== undefined && tail.segment.count > 0 && tail.segment.bytes + length > segmentBytes) {
      await tail.handle.close()
      tail = undefined
    }
    if (tail === undefined) {
      tail = await openTail(directory, record.number)
      segments.push(tail.segment)
    }
    const place = await appendRecord(tail, record)
    if (head?.segment === tail.segment) head.places.push(place)
  }

  const moveMemoryToDisk = async (): Promise<void> => {
    try {
      for (let oldest = memory[0]; oldest !== undefined; oldest = memory[0]) {
        await persist(oldest)
        memory.shift()
      }
      if (disk === 'failing') log.info({ dropped: entry.dropped }, 'spool writes to disk again')
      disk = 'ok'
    } catch (error) {
      if (disk === 'ok') log.error({ reason: reasonOf(error) }, 'spool cannot write to disk, keeping batches in memory')
      disk = 'failing'
      // What was delivered already needs no room on a full disk.
      if (tail !== undefined && tail.segment.lastNumber <= entry.acknowledged) await forget(tail.segment)
    }
    const tooMany = memory.length - memoryBatches
    if (tooMany > 0) {
      memory.splice(0, tooMany)
      entry.dropped += tooMany
      await note('relaxed')
    }
  }

  const acknowledge = async (number: number): Promise<void> => {
    entry.acknowledged = Math.max(entry.acknowledged, number)
    memory = memory.filter(record => record.number > entry.acknowledged)
    if (head !== undefined) head.places = head.places.filter(place => place.number > entry.acknowledged)
    await note('relaxed')
    for (const segment of segments.filter(({ lastNumber }) => lastNumber <= entry.acknowledged)) {
      if (segment !== tail?.segment || segment.bytes >= DELIVERED_TAIL_BYTES) await forget(segment)
    }
  }

  await loadHead()

  return {
    id: entry.spool,
    append: (atMs, encode) =>
      turns(async () => {
        const number = await numbers.take().catch(error => {
          entry.dropped += 1
          throw error
        })
        memory.push({ number, atMs, body: encode(number) })
        await moveMemoryToDisk()
        await dropOldestBeyondLimit()
      }),
    next: () =>
      turns(async () => {
        for (let found = await loadHead(); found !== undefined; found = await loadHead()) {
          const place = found.places[0]
          if (place === undefined) continue
          const { segment, places } = found
          const record = await readRecord(segment, place).catch(error => {
            if (hasCode(error, 'ENOENT')) return 'gone' as const
            throw error
          })
          if (record === 'gone') {
            await giveUp(segment, places.length)
            continue
          }
          if (record !== undefined) return record
          entry.dropped += 1
          log.error({ number: place.number }, 'spool has a record that cannot be read any more, it is lost')
          await acknowledge(place.number)
        }
        return memory[0]
      }),
    acknowledge: number => turns(() => acknowledge(number)),
    reject: (record, problem) =>
      turns(async () => {
        entry.rejected += 1
        await setAside(join(directory, 'rejected'), record, problem).catch(error =>
          log.error({ number: record.number, reason: reasonOf(error) }, 'rejected batch could not be kept, it is lost'),
        )
        await acknowledge(record.number)
      }),
    stats() {
      const waiting = segments.map(pendingIn)
      return {
        bytes:
          waiting.reduce((sum, { bytes }) => sum + bytes, 0) + memory.reduce((sum, { body }) => sum + body.length, 0),
        batches: waiting.reduce((sum, { batches }) => sum + batches, 0) + memory.length,
        dropped: entry.dropped,
        rejected: entry.rejected,
      }
    },
    close: () =>
      turns(async () => {
        await moveMemoryToDisk()
        if (memory.length > 0)
          log.error({ batches: memory.length }, 'batches in memory are lost, the disk takes nothing')
        entry.dropped += memory.length
        // Nothing was given away beyond this, so the next start needs no gap.
        entry.reserved = numbers.last()
        await note('durable')
        await tail?.handle.close().catch(() => {})
        await ledger.close()
      }),
  }
}
