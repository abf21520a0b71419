import { randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../platform/atomic-file.ts'
import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { createTurns } from '../platform/turns.ts'
import { createBacklog } from './backlog.ts'
import { type Delivered, isDelivered, settled, shortened, withDelivered } from './delivered.ts'
import { type LedgerEntry, openLedger } from './ledger.ts'
import { createNumbers, RESERVED_AHEAD } from './numbers.ts'
import { createRate, secondsLeft } from './rate.ts'
import { createRecent } from './recent.ts'
import { encodeRecord, type NewRecord, type SpoolRecord } from './record.ts'
import { setAside } from './rejected.ts'
import { recoverSegments } from './segments.ts'

export type SpoolStats = {
  /** What waits for delivery. */
  bytes: number
  batches: number
  /** Since the spool was made. */
  dropped: number
  rejected: number
  /** Of them in the last hour. */
  recentlyDropped: number
  /** Whether the disk took what was last given to it. */
  disk: 'ok' | 'failing'
  /** How long it takes until the oldest must go, if nothing is delivered; undefined until that is known. */
  secondsLeft: number | undefined
}

export type Spool = {
  /** Instance of this spool (UUID). Another one after a disk took nothing for so long that numbers ran out. */
  readonly id: string
  /** Gives the batch its number and keeps it: on disk when this returns, in memory while the disk takes nothing. */
  append(atMs: number, encode: (number: number, spool: string) => string | Uint8Array): Promise<void>
  /**
   * The oldest batch of a lane that is not acknowledged yet; the same one until it is, or is fresh no more. `fresh` are
   * the three newest of this run, `catchup` all others. In a lane the order is that of the numbers.
   */
  next(lane?: 'fresh' | 'catchup' | 'any'): Promise<SpoolRecord | undefined>
  /** Forgets this batch. */
  acknowledge(number: number): Promise<void>
  /** Takes a batch that the collector will never accept out of the way, into the folder `rejected`. */
  reject(record: SpoolRecord, problem: string): Promise<void>
  stats(): SpoolStats
  close(): Promise<void>
}

/** By number and not by age: a clock that jumps must not turn fresh batches into old ones or the other way round. */
const FRESH_BATCHES = 3
const LOOK_AT_DISK_EVERY_MS = 60_000
const HOUR_MS = 3_600_000

/** Opens the spool in `directory`, makes it when it is new, and mends what a kill or a bad disk left behind. */
export async function openSpool(deps: {
  directory: string
  clock: Clock
  log: Log
  limitBytes: number
  /** So many batches are held in memory while the disk takes nothing. */
  memoryBatches: number
  /** Before the first write on a disk that was read-only at the start; rejects while others work there. */
  claim?: () => Promise<void>
}): Promise<Spool> {
  const { directory, clock, log, limitBytes, memoryBatches } = deps
  const folder = await makeFolder(directory)
  const { ledger, entry: kept, doubtful, ...start } = await openLedger(join(directory, 'ledger'), folder)
  const entry: LedgerEntry = kept ?? {
    ...{ spool: randomUUID(), reserved: 0, acknowledged: 0, ahead: [], dropped: 0, rejected: 0 },
  }
  // Numbers that can't be written down must never be given again: so they belong to a spool of another name.
  let isUnclaimed = start.disk === 'read-only'
  if (isUnclaimed) entry.spool = randomUUID()
  let delivered: Delivered = { through: entry.acknowledged, beyond: entry.ahead }
  const { segments, damaged, highest } = await recoverSegments(directory, number => isDelivered(delivered, number))
  const recent = createRecent(HOUR_MS)
  const countDropped = (batches: number): void => {
    entry.dropped += batches
    if (batches > 0) recent.add(batches, clock.monotonicMs())
  }
  countDropped(damaged)
  const first = Math.max(entry.reserved, highest) + 1 + (doubtful ? 2 * RESERVED_AHEAD : 0)
  entry.reserved = first + RESERVED_AHEAD
  if (isUnclaimed) log.error('the disk is read-only: batches are kept in memory only, a restart loses them')
  else await ledger.write(entry, 'durable')
  if (damaged > 0) log.error({ damaged }, 'spool had damaged records, which are lost')

  let isNoted = true
  const note = async (how: 'durable' | 'relaxed'): Promise<boolean> => {
    if (isUnclaimed) return true
    try {
      await ledger.write(entry, how)
      isNoted = true
    } catch (error) {
      if (isNoted) log.warn({ reason: reasonOf(error) }, 'spool cannot write its ledger')
      isNoted = false
    }
    return isNoted
  }

  const turns = createTurns()
  const rate = createRate()
  const backlog = createBacklog({
    directory,
    segments,
    segmentBytes: Math.min(Math.max(Math.floor(limitBytes / 16), 16 * 1024), 1024 * 1024),
    isDelivered: number => isDelivered(delivered, number),
    async onLoss(why, batches) {
      countDropped(batches)
      await note('relaxed')
      if (why === 'full')
        log.error({ batches, dropped: entry.dropped }, 'spool is full, its oldest batches are dropped')
      else if (why === 'lost') log.error({ batches }, 'spool lost a file, its batches are gone')
      else log.error({ batches }, 'spool has a record that cannot be read any more, it is lost')
    },
  })
  const numbers = createNumbers({
    first,
    reserve(through) {
      entry.reserved = through
      return note('durable')
    },
    rename() {
      entry.spool = randomUUID()
      log.warn({ spool: entry.spool }, 'no numbers can be reserved on disk, the spool goes on under another name')
    },
  })
  /** What the disk did not take yet. */
  let memory: NewRecord[] = []
  /** The newest of this run that still wait, so that they need not be read from disk. */
  let fresh: NewRecord[] = []
  /** Memory of one that was delivered, for the next: else a day's worth of them would wait to be swept up. */
  let spare: Buffer | undefined
  let takenFresh: number | undefined
  let disk: 'ok' | 'failing' = isUnclaimed ? 'failing' : 'ok'
  let room = { freeBytes: Number.POSITIVE_INFINITY, lookedAtMs: Number.NEGATIVE_INFINITY }

  /** One that is under way stays in its lane, or the other lane would send it beside. */
  const keepFresh = (): void => {
    const surplus = fresh.length - FRESH_BATCHES
    if (surplus > 0) fresh = fresh.filter(({ number }, index) => index >= surplus || number === takenFresh)
  }

  const lookAtDisk = (): void => {
    if (clock.monotonicMs() - room.lookedAtMs < LOOK_AT_DISK_EVERY_MS) return
    room = { ...room, lookedAtMs: clock.monotonicMs() }
    void statfs(directory).then(
      ({ bavail, bsize }) => {
        room = { ...room, freeBytes: bavail * bsize }
      },
      () => {},
    )
  }

  const moveMemoryToDisk = async (): Promise<void> => {
    try {
      if (isUnclaimed) {
        await deps.claim?.()
        await makeFolder(directory)
        await ledger.write(entry, 'durable')
        isUnclaimed = false
      }
      for (let oldest = memory[0]; oldest !== undefined; oldest = memory[0]) {
        await backlog.append(oldest)
        memory.shift()
      }
      if (disk === 'failing') log.info({ dropped: entry.dropped }, 'spool writes to disk again')
      disk = 'ok'
    } catch (error) {
      if (disk === 'ok') log.error({ reason: reasonOf(error) }, 'spool cannot write to disk, keeping batches in memory')
      disk = 'failing'
      await backlog.freeDeliveredTail()
    }
    const tooMany = memory.length - memoryBatches
    if (tooMany > 0) {
      for (const { number } of memory.splice(0, tooMany)) fresh = fresh.filter(record => record.number !== number)
      countDropped(tooMany)
      await note('relaxed')
    }
  }

  const acknowledge = async (number: number): Promise<void> => {
    delivered = withDelivered(delivered, number)
    spare = fresh.find(record => record.number === number)?.whole ?? spare
    memory = memory.filter(record => record.number !== number)
    fresh = fresh.filter(record => record.number !== number)
    await backlog.settle(number)
    const firstWaiting = Math.min(
      backlog.lowestWaiting() ?? numbers.last() + 1,
      memory[0]?.number ?? Number.POSITIVE_INFINITY,
    )
    delivered = settled(delivered, firstWaiting)
    const { through, beyond } = shortened(delivered)
    entry.acknowledged = through
    entry.ahead = beyond
    await note('relaxed')
  }

  return {
    get id() {
      return entry.spool
    },
    append: (atMs, encode) =>
      turns(async () => {
        const number = await numbers.take()
        const record = encodeRecord(number, atMs, encode(number, entry.spool), spare)
        spare = undefined
        memory.push(record)
        fresh.push(record)
        keepFresh()
        rate.add(record.whole.length, clock.monotonicMs())
        lookAtDisk()
        await moveMemoryToDisk()
        await backlog.fitInto(limitBytes)
      }),
    next: (lane = 'any') =>
      turns(async () => {
        if (lane === 'fresh') {
          takenFresh = undefined
          keepFresh()
          takenFresh = fresh[0]?.number
          return fresh[0]
        }
        const isExcepted = (number: number): boolean =>
          lane === 'catchup' && fresh.some(record => record.number === number)
        return (await backlog.oldest(isExcepted)) ?? memory.find(({ number }) => !isExcepted(number))
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
      const onDisk = backlog.waiting()
      const roomBytes = Math.min(limitBytes - onDisk.bytes, room.freeBytes)
      return {
        bytes: onDisk.bytes + memory.reduce((sum, { body }) => sum + body.length, 0),
        batches: onDisk.batches + memory.length,
        dropped: entry.dropped,
        recentlyDropped: recent.count(clock.monotonicMs()),
        rejected: entry.rejected,
        disk,
        secondsLeft: secondsLeft(roomBytes, rate.bytesPerSecond()),
      }
    },
    close: () =>
      turns(async () => {
        await moveMemoryToDisk()
        if (memory.length > 0)
          log.error({ batches: memory.length }, 'batches in memory are lost, the disk takes nothing')
        countDropped(memory.length)
        // Nothing was given away beyond this, so the next start needs no gap.
        entry.reserved = numbers.last()
        await note('durable')
        await backlog.close()
        await ledger.close()
      }),
  }
}
