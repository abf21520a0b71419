import { describe, expect, it } from 'vitest'
import { resolveIncident } from '../../../server/incidents/resolve.ts'
import { removeServer } from '../../../server/inventory/remove-server.ts'
import { readEvidence } from '../../../server/rules/evidence.ts'
import { ruleViews } from '../../../server/rules/rule-views.ts'
import {
  ADMIN,
  INTERVAL_MS,
  type Machine,
  MINUTE_MS,
  openWatch,
  partOfDisk,
  person,
  SECOND_MS,
  type Watch,
} from './watch.ts'

const FILL = 'filesystem-fill'
const BEAT = 'server-heartbeat'
const ROOT = partOfDisk('/')
const SRV = partOfDisk('/srv')

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

describe('a disk fills and is freed', () => {
  it('opens one incident once it has held, with evidence, verdict, notice and audit, and resolves it', async () => {
    const { watch, machine } = await watching()
    await live(watch, machine, 20 * SECOND_MS)
    expect(watch.verdict(machine, FILL, ROOT)).toBe('met')
    await watch.speak(machine, { disks: { '/': 0.97 } })
    const filledAt = watch.clock.at
    await live(watch, machine, 14 * SECOND_MS, { '/': 0.97 })
    expect(await watch.incidents()).toEqual([])
    await live(watch, machine, 1 * SECOND_MS, { '/': 0.97 })

    expect(await watch.incidents('active')).toMatchObject([
      {
        number: 1,
        state: 'open',
        severity: 'high',
        kind: 'fault',
        ruleId: FILL,
        part: ROOT,
        subject: { id: machine.deviceId, name: 'web-1' },
        openedAt: filledAt + 15 * SECOND_MS,
        value: 0.97,
        threshold: 0.95,
        unit: 'ratio',
      },
    ])
    const stored = await watch.storedVerdict(machine, FILL, ROOT)
    expect(stored).toMatchObject({ verdict: 'unmet', value: 0.97, threshold: 0.95 })
    const evidence = await readEvidence(watch.records, stored?.evidence_id ?? '')
    expect(evidence).toMatchObject({
      ruleId: FILL,
      ruleVersion: 'servers@1',
      verdict: 'unmet',
      previous: 'met',
      value: 0.97,
      basis: { mountpoint: '/', sizeBytes: 1_000_000, freeBytes: 30_000, limits: { unmet: 0.95, holdMs: 15_000 } },
    })
    expect(await watch.evidenceHolds()).toBe(true)
    expect(await watch.outbox()).toEqual(['opened'])
    expect(await watch.audit('incident.open')).toMatchObject([
      { actor_kind: 'system', actor_id: 'collector', detail: { ruleId: FILL, part: ROOT, value: 0.97 } },
    ])

    // It goes on being full: nothing more is said.
    await live(watch, machine, 3 * MINUTE_MS, { '/': 0.98 })
    expect(await watch.incidents()).toHaveLength(1)
    expect(await watch.outbox()).toEqual(['opened'])

    await watch.speak(machine, { disks: { '/': 0.3 } })
    expect(await watch.incidents()).toMatchObject([{ state: 'resolved', resolvedAt: watch.clock.at, value: 0.3 }])
    expect(await watch.outbox()).toEqual(['opened', 'resolved'])
    expect(await watch.audit('incident.clear')).toHaveLength(1)
    expect(watch.verdict(machine, FILL, ROOT)).toBe('met')
    expect(await watch.evidenceHolds()).toBe(true)
  })

  it('each disk is a trouble of its own', async () => {
    const { watch, machine } = await watching({ '/': 0.97, '/srv': 0.97, '/tmp': 0.1 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97, '/srv': 0.97, '/tmp': 0.1 })
    expect((await watch.incidents('active')).map(incident => incident.part).sort()).toEqual([ROOT, SRV])
    await watch.speak(machine, { disks: { '/': 0.5, '/srv': 0.97, '/tmp': 0.1 } })
    expect((await watch.incidents('active')).map(incident => incident.part)).toEqual([SRV])
  })

  it('the same trouble again is a new incident', async () => {
    const { watch, machine } = await watching()
    for (const [round, usedRatio] of [0.97, 0.5, 0.97].entries()) {
      await live(watch, machine, (30 + round) * SECOND_MS, { '/': usedRatio })
    }
    expect((await watch.incidents()).map(({ number, state }) => ({ number, state }))).toEqual([
      { number: 2, state: 'open' },
      { number: 1, state: 'resolved' },
    ])
  })
})

describe('a server falls silent', () => {
  it('is judged at three missed intervals, and what cannot be seen any more is unmeasured, never well', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97 })
    const lastWordAt = watch.clock.at
    await watch.pass(30 * SECOND_MS)
    expect(watch.verdict(machine, BEAT)).toBe('met')
    await watch.pass(1 * SECOND_MS)
    expect(watch.verdict(machine, BEAT)).toBe('unmet')
    expect(watch.verdict(machine, FILL, ROOT)).toBe('unmeasured')
    expect((await watch.incidents('active')).map(({ ruleId, severity }) => ({ ruleId, severity }))).toEqual([
      { ruleId: BEAT, severity: 'critical' },
      { ruleId: FILL, severity: 'high' },
    ])
    const stored = await watch.storedVerdict(machine, BEAT)
    expect((await readEvidence(watch.records, stored?.evidence_id ?? '')).basis).toMatchObject({
      lastSampleAt: lastWordAt,
      silentMs: 31 * SECOND_MS,
    })

    // Long silence open nothing more, and close nothing.
    await watch.pass(20 * MINUTE_MS)
    expect(await watch.incidents('active')).toHaveLength(2)
    expect(await watch.outbox()).toEqual(['opened', 'opened'])
  })

  it('speaks again: the silence is over, and the disk is judged anew without a second incident', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97 })
    await watch.pass(5 * MINUTE_MS)
    await watch.speak(machine, { disks: { '/': 0.94 } })
    expect(watch.verdict(machine, BEAT)).toBe('met')
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.94 })
    // 0.94 lies inside the margin: not mended, although nobody looked in between.
    expect(watch.verdict(machine, FILL, ROOT)).toBe('unmet')
    expect((await watch.incidents('active')).map(incident => incident.ruleId)).toEqual([FILL])
    await live(watch, machine, 10 * SECOND_MS, { '/': 0.5 })
    expect(await watch.incidents('active')).toEqual([])
    expect(await watch.outbox()).toEqual(['opened', 'opened', 'resolved', 'resolved'])
    expect(await watch.audit('state.correct')).toEqual([])
  })

  it('brings what it had spooled: the record is corrected, and the correction is told', async () => {
    const { watch, machine } = await watching()
    await watch.pass(10 * MINUTE_MS)
    const silentSince = (await watch.storedVerdict(machine, BEAT))?.since ?? 0
    // The line was cut, the server was not down: it delivers all it has, oldest first.
    for (let at = watch.clock.at - 10 * MINUTE_MS + INTERVAL_MS; at <= watch.clock.at; at += INTERVAL_MS) {
      await watch.speak(machine, { at })
    }
    await watch.pass(INTERVAL_MS, () => watch.speak(machine))
    const corrections = await watch.audit('state.correct')
    expect(corrections).toHaveLength(1)
    const { from, to, upMs, downMs, was } = corrections[0]?.detail ?? {}
    expect(corrections[0]).toMatchObject({ actor_id: 'collector', subject: machine.deviceId })
    expect({ from, downMs, was }).toEqual({ from: silentSince, downMs: 0, was: 'unknown' })
    // All but the last three intervals, which came after the word that ended the silence.
    expect(Number(upMs)).toBeGreaterThanOrEqual(Number(to) - Number(from) - 3 * INTERVAL_MS)
    expect(await watch.incidents('active')).toEqual([])
  })

  it('brings the newest first and catches up beside it: the correction is told once, when the silence is known whole', async () => {
    const { watch, machine } = await watching()
    const lastWordAt = watch.roster.get(machine.deviceId)?.agent?.lastSampleAt ?? 0
    await watch.pass(10 * MINUTE_MS)
    const backAt = watch.clock.at
    await watch.speak(machine)
    expect(await watch.audit('state.correct')).toEqual([])
    for (let at = lastWordAt + INTERVAL_MS; at < backAt; at += INTERVAL_MS) await watch.speak(machine, { at })
    const corrections = await watch.audit('state.correct')
    expect(corrections.map(({ detail }) => detail)).toEqual([
      { from: lastWordAt, to: backAt, was: 'unknown', upMs: backAt - lastWordAt, downMs: 0 },
    ])
    expect(await watch.incidents('active')).toEqual([])
  })

  it('was off: it tells of its boot, and the silence is an outage of known cause', async () => {
    const { watch, machine } = await watching()
    await watch.pass(10 * MINUTE_MS)
    await watch.speak({ ...machine, bootedAt: watch.clock.at - MINUTE_MS })
    const [correction] = await watch.audit('state.correct')
    expect(correction?.detail).toMatchObject({ was: 'unknown', upMs: 0 })
    expect(Number(correction?.detail.downMs)).toBeGreaterThan(8 * MINUTE_MS)
    const down = await watch.records.selectFrom('state_interval').selectAll().where('state', '=', 'down').execute()
    expect(down).toMatchObject([{ subject_id: machine.deviceId, to_ms: watch.clock.at - MINUTE_MS, cause: 'power' }])
  })

  it('never spoke at all: unmeasured, then unmet, and never met', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const seen = new Set<string | null>()
    for (let second = 0; second < 60; second += 1) {
      await watch.pass(SECOND_MS)
      seen.add(watch.verdict(machine, BEAT))
    }
    expect([...seen]).toEqual(['unmeasured', 'unmet'])
    expect(await watch.incidents('active')).toMatchObject([{ ruleId: BEAT }])
  })

  it('an agent enrolled anew on a silent machine has said nothing yet: the incident stays', async () => {
    const { watch, machine } = await watching()
    await watch.pass(MINUTE_MS)
    expect(await watch.incidents('active')).toHaveLength(1)
    const again = await watch.enrol()
    expect(again.deviceId).toBe(machine.deviceId)
    await watch.pass(20 * SECOND_MS)
    expect(await watch.incidents('active')).toHaveLength(1)
    await watch.speak(again)
    expect(await watch.incidents('active')).toEqual([])
  })
})

describe('a disk is unmounted', () => {
  it('is unmeasured; its incident waits for a person and does not come back', async () => {
    const { watch, machine } = await watching({ '/': 0.5, '/srv': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.5, '/srv': 0.97 })
    expect(await watch.incidents('active')).toHaveLength(1)
    await live(watch, machine, 3 * MINUTE_MS, { '/': 0.5 })
    expect(watch.verdict(machine, FILL, SRV)).toBe('unmeasured')
    const [incident] = await watch.incidents('active')
    await resolveIncident.perform(watch.verbDeps, person('operator'), {
      id: incident?.id,
      note: 'Disk diganti, tidak dipasang lagi',
    })
    await live(watch, machine, 5 * MINUTE_MS, { '/': 0.5 })
    expect(await watch.incidents('active')).toEqual([])
    expect(await watch.incidents('resolved')).toHaveLength(1)
  })

  it('one that turned read-only is unmeasured, with the reason', async () => {
    const { watch, machine } = await watching({ '/': 0.5 })
    await watch.speak(machine, { disks: { '/': 0.5 }, readOnly: ['/'] })
    expect(watch.verdict(machine, FILL, ROOT)).toBe('unmeasured')
    const stored = await watch.storedVerdict(machine, FILL, ROOT)
    expect((await readEvidence(watch.records, stored?.evidence_id ?? '')).basis).toMatchObject({
      reason: 'mounted read-only',
    })
  })

  it('what a person closed although it is still broken opens again within a minute', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97 })
    const [incident] = await watch.incidents('active')
    await resolveIncident.perform(watch.verbDeps, person('operator'), { id: incident?.id, note: 'beres' })
    expect(await watch.incidents('active')).toEqual([])
    await live(watch, machine, MINUTE_MS, { '/': 0.97 })
    expect(await watch.incidents('active')).toMatchObject([{ number: 2, part: ROOT, value: 0.97 }])
  })
})

describe('a server is taken off the wall', () => {
  it('leaves no incident and stands nowhere; its evidence stays', async () => {
    const { watch, machine } = await watching({ '/': 0.97 })
    await live(watch, machine, 30 * SECOND_MS, { '/': 0.97 })
    await watch.pass(MINUTE_MS)
    expect(await watch.incidents('active')).toHaveLength(2)
    const before = (await watch.evidence()).length
    await removeServer.perform(watch.verbDeps, ADMIN, { id: machine.deviceId })
    await watch.roster.refresh(machine.deviceId)
    await watch.pass(2 * MINUTE_MS)
    expect(await watch.incidents('active')).toEqual([])
    expect(await watch.outbox()).toEqual(['opened', 'opened', 'resolved', 'resolved'])
    expect(await watch.evidence()).toHaveLength(before)
    expect(await watch.evidenceHolds()).toBe(true)
    for (const rule of ruleViews(watch.rules, watch.standings)) {
      expect(Object.values(rule.counts).reduce((sum, count) => sum + count, 0)).toBe(0)
    }
    await watch.restart()
    expect(watch.standings.subjects()).toEqual([])

    // Back again: it begins from nothing, and the old trouble is not raised from memory.
    const again = await watch.enrol()
    expect(again.deviceId).toBe(machine.deviceId)
    await watch.speak(again, { disks: { '/': 0.2 } })
    await live(watch, again, 2 * MINUTE_MS, { '/': 0.2 })
    expect(await watch.incidents('active')).toEqual([])
    expect(watch.verdict(again, BEAT)).toBe('met')
  })
})
