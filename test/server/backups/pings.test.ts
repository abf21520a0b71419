import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import {
  detailOf,
  foldPings,
  type Ping,
  type PingedRun,
  type PingStep,
  stepOf,
} from '../../../server/backups/fold-pings.ts'
import { createPingWriter } from '../../../server/backups/ping-writer.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { openRecords } from '../../../server/stores/records/records.ts'
import { MINUTE_MS, NOW } from './jobs.ts'

function ping(step: PingStep, minute: number, more: Partial<Ping> = {}): Ping {
  return { jobId: 'job-1', at: NOW + minute * MINUTE_MS, step, detail: '', ...more }
}

let id = 0
function fold(pings: Ping[], running: PingedRun[] = []) {
  return foldPings(new Map(running.map(run => [run.jobId, run])), pings, () => `run-${++id}`)
}

const told = (runs: PingedRun[]) =>
  runs.map(({ startedAt, endedAt, outcome, trouble, exitCode }) => [
    ...[(startedAt - NOW) / MINUTE_MS, endedAt === null ? null : (endedAt - NOW) / MINUTE_MS, outcome],
    ...(outcome === 'failed' ? [trouble, exitCode] : []),
  ])

describe('pings', () => {
  it.each<[string, Ping[], unknown[]]>([
    ['one that says nothing else is a run that ended well', [ping('success', 0)], [[0, 0, 'good']]],
    ['a start and an end are one run', [ping('start', 0), ping('success', 9)], [[0, 9, 'good']]],
    ['a start alone runs', [ping('start', 0)], [[0, null, 'running']]],
    ['0 is good', [ping('start', 0), ping(0, 3)], [[0, 3, 'good']]],
    ['any other number is not', [ping(7, 3)], [[3, 3, 'failed', 'command-failed', 7]]],
    ['nor is fail', [ping('start', 0), ping('fail', 3)], [[0, 3, 'failed', 'command-failed', null]]],
    [
      'who begins again has never ended',
      [ping('start', 0), ping('start', 60), ping('success', 65)],
      [
        [0, 60, 'failed', 'never-ended', null],
        [60, 65, 'good'],
      ],
    ],
    [
      'two ends of one start are two runs',
      [ping('start', 0), ping(0, 3), ping(0, 4)],
      [
        [0, 3, 'good'],
        [4, 4, 'good'],
      ],
    ],
    [
      'each job for itself',
      [ping('start', 0), ping('fail', 1, { jobId: 'job-2' }), ping('success', 2)],
      [
        [0, 2, 'good'],
        [1, 1, 'failed', 'command-failed', null],
      ],
    ],
  ])('%s', (_name, pings, runs) => {
    expect(told(fold(pings))).toEqual(runs)
  })

  it('mean the same whether they came together or one by one', () => {
    const steps = fc.array(fc.constantFrom<PingStep>('start', 'success', 'fail', 0, 9), { maxLength: 12 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 12 }), (all, cut) => {
        const pings = all.map((step, minute) => ping(step, minute))
        const first = fold(pings.slice(0, cut))
        const running = first.filter(({ outcome }) => outcome === 'running')
        const second = fold(pings.slice(cut), running)
        const changed = new Set(second.map(({ startedAt }) => startedAt))
        const apart = [...first.filter(({ startedAt }) => !changed.has(startedAt)), ...second]
        const byStart = (runs: PingedRun[]) => told(runs.sort((left, right) => left.startedAt - right.startedAt))
        expect(byStart(apart)).toEqual(byStart(fold(pings)))
      }),
    )
  })

  it('have steps of an address, and no others', () => {
    expect(['start', 'fail', '0', '255'].map(stepOf)).toEqual(['start', 'fail', 0, 255])
    expect(['', '256', '-1', '01', '1.5', 'log', 'START', '1e2'].map(stepOf)).toEqual(Array(8).fill(null))
  })

  it('keep the end of what the job said, in one line', () => {
    expect(detailOf(`${'x'.repeat(5_000)}\nERROR: disk\u0000full\n`)).toMatch(/x ERROR: disk full$/)
    expect(detailOf('y'.repeat(5_000))).toHaveLength(300)
  })
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function openJobs(count: number) {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-pings-'))
  const records = await openRecords({ directory })
  closing.push(async () => {
    await records.destroy()
    rmSync(directory, { recursive: true })
  })
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`)
  for (const id of ids) {
    await records
      .insertInto('backup_job')
      .values({
        ...{ id, dataset_id: 'dataset', agent_id: null, name: id, title: '', tool: 'ping', state: 'accepted' },
        ...{ place: 'agency', site_id: null, schedule: null, grace_ms: 0, token_hash: id, created_at: NOW },
        ...{ created_by: 'x', accepted_at: NOW, accepted_by: 'x', ended_at: null, ended_by: null },
        ...{ ended_reason: null, first_told_at: null, last_told_at: null },
      })
      .execute()
  }
  const count_ = async () => (await records.selectFrom('backup_run').selectAll().execute()).length
  return { records, ids, runs: count_, writer: createPingWriter({ records, changes: createChangeFeed() }) }
}

describe('the writer of pings', () => {
  it('keeps each of two thousand that come at once, in few transactions', async () => {
    const { records, ids, runs, writer } = await openJobs(20)
    const pings = ids.flatMap(jobId => Array.from({ length: 100 }, (_, minute) => ping('success', minute, { jobId })))
    await Promise.all(pings.map(one => writer.add(one)))
    expect(await runs()).toBe(2_000)
    const job = await records.selectFrom('backup_job').selectAll().where('id', '=', 'job-3').executeTakeFirstOrThrow()
    expect([job.first_told_at, job.last_told_at]).toEqual([NOW, NOW + 99 * MINUTE_MS])
  })

  it('finds the start of a run that another transaction wrote', async () => {
    const { records, writer } = await openJobs(1)
    await writer.add(ping('start', 0, { jobId: 'job-0' }))
    await writer.add(ping(3, 5, { jobId: 'job-0', detail: 'no route to host' }))
    expect(await records.selectFrom('backup_run').selectAll().execute()).toMatchObject([
      { started_at: NOW, ended_at: NOW + 5 * MINUTE_MS, outcome: 'failed', exit_code: 3, detail: 'no route to host' },
    ])
  })

  it('answers none that a full disk did not take, and goes on when there is room', async () => {
    const { records, runs, writer } = await openJobs(1)
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(records)
    await sql.raw(`pragma max_page_count = ${(pages.rows[0]?.page_count ?? 0) + 1}`).execute(records)
    const text = 'z'.repeat(300)
    const many = Array.from({ length: 400 }, (_, minute) => ping('success', minute, { jobId: 'job-0', detail: text }))
    const outcomes = await Promise.allSettled(many.map(one => writer.add(one)))
    const kept = outcomes.filter(({ status }) => status === 'fulfilled').length
    expect(kept).toBeLessThan(400)
    expect(await runs()).toBe(kept)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'SQLITE_FULL' } })
    await sql.raw('pragma max_page_count = 1000000').execute(records)
    await writer.add(ping('success', 500, { jobId: 'job-0' }))
    expect(await runs()).toBe(kept + 1)
  })
})
