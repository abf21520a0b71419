// The embedded store itself, synchronous, as it runs in the worker thread. Samples go into the log, then into the head; from
// there, window by window, into blocks; what is told of them over days and years goes into tiers.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { storageError } from '../../durable/sqlite.ts'
import type { AppendReport, SeriesBackup, SeriesStoreHealth, SeriesStoreSize } from '../series-store.ts'
import { type Answers, createAnswers } from './answers.ts'
import { copyFiles, prepareBackup } from './backup-files.ts'
import { openBlockFiles } from './block-files.ts'
import { createBlockReader } from './block-reader.ts'
import { createDamageList, type DamageList } from './damage.ts'
import { createDeadSeries } from './dead-series.ts'
import type { EngineOptions, PackedAppend } from './engine-calls.ts'
import { createFlusher } from './flusher.ts'
import { createHead } from './head.ts'
import { createIntake, type LoggedAppends } from './intake.ts'
import { readLastFile } from './last-file.ts'
import { recoverLast } from './last-recovery.ts'
import { createLastTable } from './last-table.ts'
import { openLedger, type SeriesName } from './ledger.ts'
import { createPackerHere, type Packer } from './packer.ts'
import { createRangeReader } from './range-reader.ts'
import { createRawReader } from './raw-reader.ts'
import { createRollup } from './rollup.ts'
import { takeOverRowFiles } from './row-files.ts'
import { openSeriesLog, type SeriesLog } from './series-log.ts'
import { lockStore } from './store-lock.ts'
import { openTierFiles } from './tier-files.ts'
import { createTogether } from './together.ts'
import { createUpkeep, fileBytes, type Upkeep } from './upkeep.ts'
import { verifyBlocks } from './verify-blocks.ts'
import { DAY_MS, LEVELS, startOf, TIERS, WINDOW_MS } from './windows.ts'

export type SeriesEngine = Answers &
  Pick<Upkeep, 'work' | 'settle'> & {
    /** Durable when it returns: `write`, `sync` and `take` in one. */
    appendAll(appends: readonly PackedAppend[]): AppendReport[]
    /** Into the log; throws StorageError, and then nothing of it counts. */
    write(appends: readonly PackedAppend[]): LoggedAppends
    /** Resolves when what was written is durable; nothing may be written meanwhile. Rejects, and then nothing of it counts. */
    sync(logged: LoggedAppends): Promise<void>
    /** Visible when it returns. */
    take(logged: LoggedAppends): AppendReport[]
    names(): { names: SeriesName[]; nextId: number }
    /** Those series of the append that have no name, neither in it nor here: it must not be written. */
    unnamed(append: PackedAppend): readonly number[]
    forgetBefore(at: number): void
    /** Also tells whose names were dropped since it was called last. */
    retain(now: number): Uint32Array
    size(): SeriesStoreSize
    check(): SeriesStoreHealth
    verify(): Promise<SeriesStoreHealth>
    backup(directory: string): Promise<SeriesBackup>
    close(): void
  }

/** What goes on beside the engine. `onReady`: there is work again. `isQuiet`: no append is on its way to it. */
export type Beside = {
  makePacker: (deps: { damage: DamageList }) => Packer
  onReady: () => void
  isQuiet: () => boolean
}

const ALONE: Beside = { makePacker: createPackerHere, onReady: () => {}, isQuiet: () => true }

/** Throws StorageError when the directory cannot be used. What is damaged in it is named by `check` and costs only itself. */
export function openSeriesEngine(
  { directory, memoryLimitBytes, retention }: EngineOptions,
  { makePacker, onReady, isQuiet }: Beside = ALONE,
): SeriesEngine {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw storageError(error, directory)
  }
  const damage = createDamageList()
  const lock = lockStore(join(directory, 'series.db'), damage)
  const lastPath = join(directory, 'last')
  const ledger = openLedger(join(directory, 'names'), damage)
  const rawFrom = () => Math.max(ledger.horizons().raw, ledger.horizons().all)

  const head = createHead()
  const reader = createBlockReader({ damage })
  const about = { directory, damage, onSynced: onReady }
  const files = openBlockFiles(about, { kind: 'series', each: 'week' })
  const tiers = openTierFiles(about, { raw: files, head, reader })
  const raw = createRawReader({ head, files, reader })
  const last = createLastTable()
  const days = new Set(files.all().flatMap(file => file.spans().map(span => startOf(span, DAY_MS))))
  const packer = makePacker({ damage })
  const rollup = createRollup({ head, tiers, raw: files, packer, days: [...days] })
  let log: SeriesLog
  const intake = createIntake({ log: () => log, head, last, ledger, raw, rawFrom })
  const flusher = createFlusher({
    head,
    files,
    packer,
    nextNumber: () => intake.untaken()?.number ?? log.nextNumber(),
    onFlushed(window) {
      raw.forget()
      rollup.noteFlushed(window)
    },
  })

  const lasts = readLastFile(lastPath, last, damage)
  log = openSeriesLog(directory, damage, samples =>
    intake.replay(samples, (window, record) => record < (files.at(window)?.cutOf(window) ?? 0)),
  )
  if (lasts === null && files.periods().length > 0) {
    recoverLast(ledger.ids(), { files, reader, last })
  }
  for (const [from, to] of lasts?.lost ?? []) {
    recoverLast(
      Uint32Array.from({ length: to - from }, (_, index) => from + index),
      { files, reader, last },
    )
  }
  const dead = createDeadSeries({
    ...{ ledger, last, head, reader },
    kinds: [
      { files, spanMs: WINDOW_MS },
      ...LEVELS.map(level => ({ files: tiers.files(level), spanMs: TIERS[level].spanMs })),
    ],
    mayDrop: () => intake.untaken() === null && isQuiet(),
  })
  const together = createTogether({
    ...{ directory, files, packer, isDone: rollup.isDone, onReplaced: dead.beginAnew, onSynced: onReady },
  })
  // What an earlier run let go of.
  dead.lookAgain()
  const upkeep = createUpkeep({
    ...{
      directory,
      lastPath,
      memoryLimitBytes,
      retention,
      head,
      log,
      untakenFrom: () => intake.untaken()?.segment ?? Number.POSITIVE_INFINITY,
      last,
      ledger,
      raw: files,
      tiers,
      flusher,
      rollup,
      dead,
      together,
    },
  })
  if (lock.horizon() > 0 && ledger.horizons().all === 0) upkeep.setHorizon(lock.horizon())

  function write(appends: readonly PackedAppend[], anyAge = false): LoggedAppends {
    upkeep.makeRoom(appends.at(-1)?.now ?? 0)
    return intake.write(appends, anyAge)
  }

  function appendAll(appends: readonly PackedAppend[], anyAge = false): AppendReport[] {
    const logged = write(appends, anyAge)
    try {
      log.sync()
    } catch (error) {
      intake.dismiss(logged)
      throw error
    }
    return intake.take(logged)
  }
  takeOverRowFiles({ directory, damage, ledger, append: packed => void appendAll([packed], true) })

  const readRange = createRangeReader({ raw, tiers, rawFrom })
  const answers = createAnswers({ raw, last, readRange, rawFrom, visibleFrom: () => ledger.horizons().all })

  function health(): SeriesStoreHealth {
    const problems: SeriesStoreHealth['problems'] = [...damage.list()]
    const failure = upkeep.failure()
    if (failure !== null) problems.push({ code: failure.code, message: `writing blocks: ${failure.message}` })
    try {
      lock.tryWrite()
    } catch (error) {
      const { code, message } = storageError(error, directory)
      problems.push({ code, message })
    }
    return { ok: problems.length === 0, problems }
  }

  const ownFiles = () => [
    ...ledger.files(),
    ...[files, ...LEVELS.map(level => tiers.files(level))].flatMap(kind => kind.all().flatMap(file => file.files())),
    ...log.files(),
  ]

  return {
    ...answers,
    appendAll: appends => appendAll(appends),
    write: appends => write(appends),
    take: intake.take,
    async sync(logged) {
      try {
        await log.syncBeside()
      } catch (error) {
        intake.dismiss(logged)
        throw error
      }
    },
    work: upkeep.work,
    settle: upkeep.settle,
    names: () => ({ names: [...ledger.names()], nextId: ledger.nextId() }),
    unnamed: intake.unnamed,
    forgetBefore: at => upkeep.setHorizon(at),
    retain(now) {
      upkeep.retain(now)
      return ledger.takeDropped()
    },
    check: health,

    async verify() {
      const letGo = upkeep.hold()
      try {
        for (const kind of [files, ...LEVELS.map(level => tiers.files(level))]) {
          await verifyBlocks(kind.all(), reader, damage)
        }
      } finally {
        letGo()
      }
      return health()
    },

    size: () => ({
      series: answers.latest(null).ids.length,
      samples: files.sampleCount() + head.sampleCount(),
      bytes: ownFiles().reduce((total, { bytes }) => total + bytes, 0) + fileBytes(lastPath),
      memoryBytes:
        Math.max(head.memoryBytes(), head.pool.memoryBytes()) +
        [reader, raw, last].reduce((total, part) => total + part.memoryBytes(), 0),
      memoryLimitBytes,
    }),

    async backup(into) {
      prepareBackup(into)
      const letGo = upkeep.hold()
      try {
        const counted = [...ownFiles(), { path: lastPath, bytes: fileBytes(lastPath) }]
        return await copyFiles(
          counted.filter(({ bytes }) => bytes > 0),
          into,
        )
      } finally {
        letGo()
      }
    },

    close() {
      together.close()
      log.close()
      files.close()
      tiers.close()
      ledger.close()
      lock.close()
    },
  }
}
