// The ingest room, put together: one door, one journal, and two consumers with a cursor of their own.
import type { AgentKeys } from '../access/agent-keys.ts'
import type { StateBoard } from '../availability/state-board.ts'
import type { PollScope } from '../inventory/poll-scope.ts'
import { quarantineAgent } from '../inventory/quarantine-agent.ts'
import type { Roster } from '../inventory/roster.ts'
import type { WriterHosts } from '../inventory/writer-hosts.ts'
import type { WriterActivity } from '../inventory/writer-queries.ts'
import type { Logger } from '../platform/logs.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Evaluator } from '../rules/evaluator.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import type { SeriesStore } from '../stores/series/series-store.ts'
import { type AcceptBatch, createAcceptBatch } from './accept-batch.ts'
import { type AcceptLines, createAcceptLines, REQUESTS_PER_WRITER } from './accept-lines.ts'
import { createBatchReader } from './batch-reader.ts'
import { createCloneWatch, type SeenBatch } from './clone-watch.ts'
import { type Consumer, type ConsumerDeps, createConsumer } from './consume.ts'
import { createDecodeEntry } from './decode-entries.ts'
import { createJournal } from './journal.ts'
import { hostSeriesName } from './map-lines.ts'
import { createObserveBatches } from './observe-batches.ts'
import { createSeriesAllowance } from './series-allowance.ts'
import { createSeriesShapes } from './series-shapes.ts'
import { createStoreSamples } from './store-samples.ts'
import { createThrottle } from './throttle.ts'
import { createWriterCounts } from './writer-counts.ts'

/** Bytes are the limit that is meant; so many entries only keep a journal of tiny ones readable. */
const JOURNAL_ENTRIES = 5_000_000
/** Far under the second in which a wall must show what came. */
const REST_MS = 100
const ENTRIES_AT_ONCE = 1_000
export const CONSUMERS = ['series', 'state'] as const

export type Ingest = {
  acceptBatch: AcceptBatch
  acceptLines: AcceptLines
  /** What came from a writer since the start. */
  writerActivity(writerId: string): WriterActivity
  /** A person has mended what looked like two machines. */
  forgetClone(agentId: string): void
  /** Copies what is accepted into this folder, as a start reads it, while more comes. */
  backupJournal(folder: string): Promise<void>
  start(): void
  /** What keeps it from working, in plain words; empty when all is well. */
  troubles(): string[]
  close(): Promise<void>
}

export async function createIngest(deps: {
  directory: string
  /** How far a consumer may be behind. */
  journalMaxBytes: number
  records: Records
  series: SeriesStore
  changes: ChangeFeed
  current: CurrentValues
  roster: Roster
  writerHosts: WriterHosts
  pollScope: PollScope
  evaluator: Evaluator
  board: StateBoard
  agentKeys: AgentKeys
  metrics: Metrics
  log: Logger
  now: () => number
}): Promise<Ingest> {
  const { log, metrics, now } = deps
  const journal = await createJournal({
    directory: deps.directory,
    consumers: CONSUMERS,
    maxBytes: deps.journalMaxBytes,
    maxEntries: JOURNAL_ENTRIES,
  })
  for (const { code, message } of (await journal.check()).problems) {
    log.error({ code, problem: message }, 'Something is wrong with the files of the journal')
  }
  const subjectOf = createSubjectOf(deps.records)
  metrics.gauge('pantau_journal_waiting', 'Accepted batches that a consumer of the journal has not handled yet.', () =>
    Promise.all(
      CONSUMERS.map(async consumer => ({ labels: { consumer }, value: (await journal.depth(consumer)).entries })),
    ),
  )
  const batches = metrics.counter('pantau_ingest_batches_total', 'Delivered batches by outcome.')
  const countAccepted = batches.of({ outcome: 'accepted' })
  const samples = metrics.counter('pantau_ingest_samples_total', 'Samples handed to the series store by outcome.')
  const negative = metrics.counter(
    'pantau_ingest_negative_growth_total',
    'Counter readings left out because they shrank.',
  )

  const consumerOf = (name: string, handle: ConsumerDeps['handle']) =>
    createConsumer({
      journal,
      ...{ name, handle, restMs: REST_MS, entriesAtOnce: ENTRIES_AT_ONCE },
      onFailure: ({ error, attempt, retryInMs }) =>
        log.error(
          { consumer: name, attempt, retryInMs, err: error },
          'A consumer of the journal failed and tries again',
        ),
    })
  const shapes = createSeriesShapes()
  const decode = createDecodeEntry(shapes)
  const consumers: Consumer[] = [
    consumerOf(
      'series',
      createStoreSamples({
        ...{ series: deps.series, subjectOf, decode },
        onUnknownAgent: entry => log.error(entry, 'A batch of an unknown agent was left out'),
        onStored: ({ stored, duplicates, tooLate, tooEarly, negativeGrowthPoints }) => {
          for (const [outcome, count] of Object.entries({ stored, duplicates, tooLate, tooEarly })) {
            if (count > 0) samples.add({ outcome }, count)
          }
          if (negativeGrowthPoints > 0) negative.add({}, negativeGrowthPoints)
        },
      }),
    ),
    consumerOf('state', createObserveBatches({ ...deps, subjectOf, decode })),
  ]

  const cloneWatch = createCloneWatch()
  const findClone = async (batch: SeenBatch): Promise<string | null> => {
    const reason = cloneWatch.look(batch)
    if (reason === null) return null
    const { agentId, at } = batch
    const found = await quarantineAgent(deps, { agentId, reason, at })
    deps.agentKeys.forget(agentId)
    log.error({ agent: agentId, reason }, 'Two machines seem to use the key of one agent: it is in quarantine')
    if (found !== null) deps.changes.append({ kind: 'server', id: found.deviceId })
    return reason
  }
  const accept = createAcceptBatch({
    ...{ journal, throttle: createThrottle(), now, findClone, reader: createBatchReader(shapes) },
    foreign: deps.pollScope.foreign,
  })
  const writerCounts = createWriterCounts({ metrics, now })
  const acceptLines = createAcceptLines({
    ...{ journal, now, hosts: deps.writerHosts, throttle: createThrottle(REQUESTS_PER_WRITER) },
    allowance: createSeriesAllowance({
      seriesOf: deviceId =>
        deps.current.all(deviceId).map(({ metric, labels }) => hostSeriesName(deviceId, metric, labels)),
    }),
  })
  return {
    acceptBatch: async delivery => {
      const answer = await accept(delivery)
      if (answer.kind === 'receipt' && !answer.receipt.duplicate) countAccepted()
      else batches.add({ outcome: answer.kind === 'problem' ? answer.code : 'duplicate' })
      return answer
    },
    acceptLines: async delivery => {
      const answer = await acceptLines(delivery)
      writerCounts.count(delivery.writer.id, answer)
      return answer
    },
    writerActivity: writerCounts.of,
    forgetClone: cloneWatch.forget,
    backupJournal: journal.backup,
    start() {
      for (const consumer of consumers) consumer.start()
    },
    troubles: () =>
      consumers
        .map(consumer => consumer.state())
        .filter(({ state }) => state === 'failing')
        .map(({ attempt }) => `a consumer of the journal has failed ${attempt} times in a row`),
    async close() {
      for (const consumer of consumers) await consumer.stop()
      await journal.close()
    },
  }
}

/** The device an agent speaks for; it never changes, so it is asked for once. */
function createSubjectOf(records: Records): (agentId: string) => Promise<string | null> {
  const known = new Map<string, string>()
  return async agentId => {
    const remembered = known.get(agentId)
    if (remembered !== undefined) return remembered
    const row = await records.selectFrom('agent').select('device_id').where('id', '=', agentId).executeTakeFirst()
    if (row === undefined) return null
    known.set(agentId, row.device_id)
    return row.device_id
  }
}
