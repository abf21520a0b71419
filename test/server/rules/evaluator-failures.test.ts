import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, type Machine, MINUTE_MS, openWatch, partOfDisk, SECOND_MS, type Watch } from './watch.ts'

const FILL = 'filesystem-fill'
const BEAT = 'server-heartbeat'
const ROOT = partOfDisk('/')

/** A server that has spoken, with its disks. */
async function watching(disks: Record<string, number> = { '/': 0.5 }) {
  const watch = await openWatch()
  const machine = await watch.enrol()
  await watch.speak(machine, { disks })
  return { watch, machine }
}

/** Time in which the server goes on speaking. */
const live = (watch: Watch, machine: Machine, durationMs: number, disks: Record<string, number> = { '/': 0.5 }) =>
  watch.pass(durationMs, () => watch.speak(machine, { disks }))

describe('when the database fails in the middle', () => {
  it.each(['outbox', 'incident_event', 'audit', 'verdict', 'evidence'])(
    'a refused %s leaves memory and record agreeing, and it is tried again',
    async table => {
      const { watch, machine } = await watching({ '/': 0.97 })
      await watch.pass(10 * SECOND_MS)
      const trigger = `create trigger refuse before insert on ${table} begin select raise(abort, 'disk full'); end`
      await sql.raw(trigger).execute(watch.records)
      await watch.pass(10 * SECOND_MS)
      expect(watch.verdict(machine, FILL, ROOT)).toBe('unmeasured')
      expect(await watch.storedVerdict(machine, FILL, ROOT)).toMatchObject({ verdict: 'unmeasured' })
      expect(await watch.incidents()).toEqual([])
      expect(await watch.outbox()).toEqual([])
      expect(watch.logLines.filter(line => line.includes('A server could not be judged')).length).toBeGreaterThan(0)
      await sql.raw('drop trigger refuse').execute(watch.records)
      await watch.pass(SECOND_MS)
      expect(watch.verdict(machine, FILL, ROOT)).toBe('unmet')
      expect(await watch.storedVerdict(machine, FILL, ROOT)).toMatchObject({ verdict: 'unmet' })
      expect(await watch.incidents('active')).toHaveLength(1)
      expect(await watch.outbox()).toEqual(['opened'])
      expect(await watch.evidenceHolds()).toBe(true)
    },
  )

  it('one server that cannot be judged does not keep the others from it', async () => {
    const { watch, machine } = await watching()
    const other = await watch.enrol('web-2')
    await watch.speak(other)
    const trigger = `create trigger refuse before insert on verdict when new.subject_id = '${machine.deviceId}'
      begin select raise(abort, 'no'); end`
    await sql.raw(trigger).execute(watch.records)
    await watch.pass(40 * SECOND_MS)
    expect(watch.verdict(machine, BEAT)).toBe('met')
    expect(watch.verdict(other, BEAT)).toBe('unmet')
  })
})

describe('at the same time', () => {
  it('two judgements of one server open one incident', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    watch.clock.at += 14 * SECOND_MS
    await watch.speak(machine, { disks: { '/': 0.97 } })
    watch.clock.at += 1 * SECOND_MS
    const { evaluator, clock } = watch
    await Promise.all([
      evaluator.evaluateSamples([machine.deviceId], clock.at),
      evaluator.tick(clock.at),
      evaluator.evaluateWindows(clock.at),
      evaluator.evaluateSamples([machine.deviceId], clock.at),
    ])
    expect(await watch.incidents()).toHaveLength(1)
    expect(await watch.outbox()).toEqual(['opened'])
    expect((await watch.evidence()).filter(row => row.verdict === 'unmet')).toHaveLength(1)
  })
})

describe('the collector starts again', () => {
  it('knows where everything stands and raises nothing twice', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97 })
    const ofDisk = async () => (await watch.evidence()).filter(row => row.rule_id === FILL)
    const evidence = await ofDisk()
    await watch.restart(5 * SECOND_MS)
    expect(watch.verdict(machine, FILL, ROOT)).toBe('unmet')
    await watch.speak(machine, { disks: { '/': 0.97 } })
    await live(watch, machine, 2 * MINUTE_MS, { '/': 0.97 })
    expect(await watch.incidents()).toHaveLength(1)
    expect(await watch.outbox()).toEqual(['opened'])
    expect(await ofDisk()).toEqual(evidence)
  })

  it('blames nobody for the time in which it was off, and everybody who then stays silent', async () => {
    const { watch, machine } = await watching()
    const other = await watch.enrol('web-2')
    await watch.speak(other)
    await watch.restart(2 * HOUR_MS)
    await watch.pass(9 * SECOND_MS)
    expect(watch.verdict(machine, FILL, ROOT)).toBe('met')
    await watch.speak(machine)
    await live(watch, machine, 20 * SECOND_MS)
    expect(await watch.incidents()).toEqual([])
    await live(watch, machine, 2 * SECOND_MS)
    expect(await watch.incidents()).toMatchObject([{ ruleId: BEAT, subject: { id: other.deviceId } }])
    expect(watch.verdict(machine, BEAT)).toBe('met')
    expect(watch.verdict(other, FILL, ROOT)).toBe('unmeasured')
  })

  it('is as deaf after it was asleep as after a start', async () => {
    const { watch, machine } = await watching()
    await live(watch, machine, 30 * SECOND_MS)
    // The whole machine was suspended: no tick came.
    watch.clock.at += HOUR_MS
    await watch.pass(5 * SECOND_MS)
    expect(await watch.incidents()).toEqual([])
    expect(watch.logLines.filter(line => line.includes('The collector was away'))).toHaveLength(1)
    await watch.speak(machine)
    await live(watch, machine, MINUTE_MS)
    expect(await watch.incidents()).toEqual([])
    await watch.pass(40 * SECOND_MS)
    expect(await watch.incidents()).toHaveLength(1)
  })

  it('remembers over the restart what was measured before the evidence went away', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97 })
    await watch.pass(MINUTE_MS)
    expect(watch.verdict(machine, FILL, ROOT)).toBe('unmeasured')
    await watch.restart(MINUTE_MS)
    await watch.speak(machine, { disks: { '/': 0.94 } })
    await live(watch, machine, 20 * SECOND_MS, { '/': 0.94 })
    expect(watch.verdict(machine, FILL, ROOT)).toBe('unmet')
    expect((await watch.incidents('active')).map(incident => incident.ruleId)).toEqual([FILL])
  })
})

describe('the uptime of a month', () => {
  const UPTIME = 'server-uptime'

  it('says nothing before enough was seen, then what was measured', async () => {
    const { watch, machine } = await watching()
    await live(watch, machine, MINUTE_MS)
    expect(watch.verdict(machine, UPTIME)).toBe('unmeasured')
    // A day and an hour of the past, as the spool and the collector's own notes would have left it.
    const from = watch.clock.at - 25 * HOUR_MS
    const up = { state: 'up' as const, from_ms: from, to_ms: watch.clock.at, cause: null }
    await watch.records.deleteFrom('state_interval').execute()
    await watch.records
      .insertInto('state_interval')
      .values([{ ...up, subject_id: machine.deviceId }])
      .execute()
    await watch.records.updateTable('device').set({ created_at: from }).execute()
    await watch.restart()
    await live(watch, machine, MINUTE_MS)
    expect(watch.verdict(machine, UPTIME)).toBe('met')
    expect(await watch.storedVerdict(machine, UPTIME)).toMatchObject({ value: 1 })
  })
})
