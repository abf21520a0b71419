import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INCIDENT_STATES, type IncidentState } from '../../../protocol/vocabulary.ts'
import { ANONYMOUS } from '../../../server/access/actor.ts'
import { acknowledgeIncident } from '../../../server/incidents/acknowledge.ts'
import { noteIncident } from '../../../server/incidents/add-note.ts'
import { applySignal } from '../../../server/incidents/apply.ts'
import { type IncidentEvent, step } from '../../../server/incidents/incident-machine.ts'
import {
  listActiveIncidents,
  listIncidents,
  readSummary,
  readTimeline,
} from '../../../server/incidents/incident-queries.ts'
import { resolveIncident } from '../../../server/incidents/resolve.ts'
import type { Signal } from '../../../server/incidents/signal.ts'
import { ProblemError } from '../../../server/platform/problem-error.ts'
import { type Machine, openWatch, person, SECOND_MS, type Watch } from '../rules/watch.ts'

async function refusal(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    value => ({ value }),
    (error: unknown) => error,
  )
  if (outcome instanceof ProblemError) return outcome.code
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`, { cause: outcome })
}

const OPERATOR = person('operator')
const EVIDENCE_ID = '01938f6e-0000-7000-8000-00000000eeee'
const UNKNOWN_ID = '01938f6e-0000-7000-8000-00000000ffff'

function signal(machine: Machine, kind: Signal['kind'], change: Partial<Signal> = {}): Signal {
  return {
    kind,
    ruleId: 'filesystem-fill',
    title: { id: 'Sistem berkas hampir penuh', en: 'Filesystem almost full' },
    unmetKind: 'fault',
    severity: 'high',
    subjectId: machine.deviceId,
    part: 'mountpoint=/',
    value: kind === 'raise' ? 0.97 : 0.5,
    threshold: 0.95,
    unit: 'ratio',
    evidenceId: EVIDENCE_ID,
    ...change,
  }
}

const apply = (watch: Watch, one: Signal) =>
  watch.records.transaction().execute(tx => applySignal(tx, one, watch.clock.at))

async function withIncident(change: Partial<Signal> = {}) {
  const watch = await openWatch()
  const machine = await watch.enrol()
  const id = await apply(watch, signal(machine, 'raise', change))
  if (id === null) throw new Error('no incident was opened')
  return { watch, machine, id }
}

describe('the life of an incident', () => {
  const events = fc.array(fc.constantFrom<IncidentEvent>('raise', 'clear', 'acknowledge', 'resolve'), { maxLength: 30 })

  it('goes only through legal states, and tells of each opening and each end once', () => {
    fc.assert(
      fc.property(events, played => {
        let state: IncidentState | 'none' = 'none'
        let openings = 0
        let ends = 0
        for (const event of played) {
          const before: IncidentState | 'none' = state
          const next = step(state, event)
          if (next === null) continue
          state = next.state
          expect(INCIDENT_STATES).toContain(state)
          if (next.notice === 'opened') openings += 1
          if (next.notice === 'resolved') ends += 1
          expect(next.timeline === null).toBe(next.state === before || (before === 'none' && event === 'clear'))
          // Nobody may call something off without the rule or a person saying so, nor wake it by acknowledging.
          if (before === 'resolved' && state !== 'resolved') expect(event).toBe('raise')
          if (state === 'acknowledged' && before !== 'acknowledged') expect(event).toBe('acknowledge')
        }
        expect(openings - ends).toBe(state === 'open' || state === 'acknowledged' ? 1 : 0)
      }),
    )
  })

  it('a person acknowledges once and resolves once', () => {
    expect(step('none', 'acknowledge')).toBeNull()
    expect(step('acknowledged', 'acknowledge')).toBeNull()
    expect(step('resolved', 'acknowledge')).toBeNull()
    expect(step('none', 'resolve')).toBeNull()
    expect(step('resolved', 'resolve')).toBeNull()
  })
})

describe('whatever happens, on the database', () => {
  type Move = { kind: 'raise' | 'clear' | 'acknowledge' | 'resolve' | 'note'; part: string }
  const moves = fc.array(
    fc.record({
      kind: fc.constantFrom<Move['kind']>('raise', 'raise', 'clear', 'acknowledge', 'resolve', 'note'),
      part: fc.constantFrom('mountpoint=/', 'mountpoint=/srv'),
    }),
    { minLength: 1, maxLength: 20 },
  )

  it('one trouble has one active incident, each is told of once at its opening and once at its end', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async played => {
        const watch = await openWatch()
        const machine = await watch.enrol()
        for (const { kind, part } of played) {
          watch.clock.at += SECOND_MS
          if (kind === 'raise' || kind === 'clear') {
            await apply(watch, signal(machine, kind, { part }))
            continue
          }
          const known = (await watch.incidents()).find(incident => incident.part === part)
          const input = { id: known?.id ?? UNKNOWN_ID, note: 'dilihat' }
          const verb = { acknowledge: acknowledgeIncident, resolve: resolveIncident, note: noteIncident }[kind]
          await verb.perform(watch.verbDeps, OPERATOR, input).catch((error: unknown) => {
            if (!(error instanceof ProblemError) || !['not-found', 'wrong-state'].includes(error.code)) throw error
          })
        }
        const incidents = await watch.incidents()
        const active = incidents.filter(incident => incident.state !== 'resolved')
        expect(new Set(active.map(incident => incident.part)).size).toBe(active.length)
        expect(await listActiveIncidents(watch.records)).toHaveLength(active.length)
        expect(incidents.map(incident => incident.number)).toEqual(
          incidents.map((_, index) => incidents.length - index),
        )
        const told = await watch.records.selectFrom('outbox').selectAll().execute()
        for (const incident of incidents) {
          const events = told.filter(row => row.incident_id === incident.id).map(row => row.event)
          expect(events.sort()).toEqual(incident.state === 'resolved' ? ['opened', 'resolved'] : ['opened'])
          const timeline = await readTimeline(watch.records, incident.id)
          expect(timeline[0]?.kind).toBe('opened')
          expect(timeline.filter(entry => entry.kind === 'resolved')).toHaveLength(
            incident.state === 'resolved' ? 1 : 0,
          )
          expect(incident.resolvedAt === null).toBe(incident.state !== 'resolved')
          if (incident.state === 'acknowledged') expect(incident.acknowledgedAt).not.toBeNull()
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('a person', () => {
  it('acknowledges, with a note or without', async () => {
    const { watch, id } = await withIncident()
    await watch.records
      .insertInto('user_account')
      .values({
        ...{ id: OPERATOR.id, name: 'budi', display_name: 'Budi Santoso', role: 'operator', password_hash: 'x' },
        ...{ created_at: 0, last_login_at: null, disabled_at: null },
      })
      .execute()
    watch.clock.at += SECOND_MS
    await acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id, note: 'Sedang dibersihkan' })
    expect(await readSummary(watch.records, id)).toMatchObject({
      state: 'acknowledged',
      acknowledgedAt: watch.clock.at,
      acknowledgedBy: 'Budi Santoso',
    })
    expect(await readTimeline(watch.records, id)).toMatchObject([
      { kind: 'opened', by: null, value: 0.97, evidenceId: EVIDENCE_ID },
      { kind: 'acknowledged', by: 'Budi Santoso', note: 'Sedang dibersihkan', evidenceId: null },
    ])
    expect(await watch.audit('incident.acknowledge')).toMatchObject([
      { actor_kind: 'user', actor_id: OPERATOR.id, subject: id, detail: { note: 'Sedang dibersihkan' } },
    ])
    expect(await watch.outbox()).toEqual(['opened'])
    expect(watch.changes.since(0).changes.at(-1)).toMatchObject({ kind: 'incident', id })
    const other = await withIncident()
    await acknowledgeIncident.perform(other.watch.verbDeps, OPERATOR, { id: other.id })
    expect(await other.watch.audit('incident.acknowledge')).toMatchObject([{ detail: {} }])
  })

  it('cannot acknowledge twice, nor what is over, nor what is not', async () => {
    const { watch, machine, id } = await withIncident()
    await acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id })
    expect(await refusal(acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id }))).toBe('wrong-state')
    await apply(watch, signal(machine, 'clear'))
    expect(await refusal(acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id }))).toBe('wrong-state')
    expect(await refusal(acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id: UNKNOWN_ID }))).toBe('not-found')
    expect(await watch.audit('incident.acknowledge')).toHaveLength(1)
  })

  it('resolves with the reason; people are told as if the rule had', async () => {
    const { watch, id } = await withIncident()
    await acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id })
    await resolveIncident.perform(watch.verbDeps, OPERATOR, { id, note: 'Disk dilepas' })
    expect(await readSummary(watch.records, id)).toMatchObject({ state: 'resolved', value: 0.97 })
    expect(await watch.outbox()).toEqual(['opened', 'resolved'])
    expect(await watch.audit('incident.resolve')).toMatchObject([{ subject: id, detail: { note: 'Disk dilepas' } }])
    expect(await refusal(resolveIncident.perform(watch.verbDeps, OPERATOR, { id, note: 'lagi' }))).toBe('wrong-state')
    expect(await refusal(resolveIncident.perform(watch.verbDeps, OPERATOR, { id, note: '' }))).toBe('bad-request')
    expect(await refusal(resolveIncident.perform(watch.verbDeps, OPERATOR, { id }))).toBe('bad-request')
  })

  it('adds a note in any state, also when it is over', async () => {
    const { watch, machine, id } = await withIncident()
    await noteIncident.perform(watch.verbDeps, OPERATOR, { id, note: 'Vendor dihubungi' })
    watch.clock.at += SECOND_MS
    await apply(watch, signal(machine, 'clear'))
    watch.clock.at += SECOND_MS
    await noteIncident.perform(watch.verbDeps, OPERATOR, { id, note: 'Sebabnya: log yang tidak dirotasi' })
    expect((await readTimeline(watch.records, id)).map(({ kind, note }) => [kind, note])).toEqual([
      ['opened', null],
      ['note', 'Vendor dihubungi'],
      ['resolved', null],
      ['note', 'Sebabnya: log yang tidak dirotasi'],
    ])
    expect(await refusal(noteIncident.perform(watch.verbDeps, OPERATOR, { id, note: '' }))).toBe('bad-request')
    expect(await refusal(noteIncident.perform(watch.verbDeps, OPERATOR, { id: UNKNOWN_ID, note: 'x' }))).toBe(
      'not-found',
    )
    expect(await watch.audit('incident.note')).toHaveLength(2)
  })

  it('who may only look changes nothing, and who is nobody even less', async () => {
    const { watch, id } = await withIncident()
    const before = { incident: await readSummary(watch.records, id), audit: (await watch.audit()).length }
    for (const verb of [acknowledgeIncident, noteIncident, resolveIncident]) {
      const input = { id, note: 'x' }
      expect(await refusal(verb.perform(watch.verbDeps, person('viewer'), input))).toBe('forbidden')
      expect(await refusal(verb.perform(watch.verbDeps, ANONYMOUS, input))).toBe('unauthenticated')
      expect(await refusal(verb.perform(watch.verbDeps, OPERATOR, { ...input, state: 'open' }))).toBe('bad-request')
      expect(await refusal(verb.perform(watch.verbDeps, OPERATOR, { ...input, id: 'x' }))).toBe('bad-request')
    }
    expect(await readSummary(watch.records, id)).toEqual(before.incident)
    expect(await watch.audit()).toHaveLength(before.audit)
    expect(await readTimeline(watch.records, id)).toHaveLength(1)
  })
})

describe('a rule', () => {
  it('clears what a person has acknowledged', async () => {
    const { watch, machine, id } = await withIncident()
    await acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id })
    expect(await apply(watch, signal(machine, 'raise'))).toBeNull()
    expect(await apply(watch, signal(machine, 'clear'))).toBe(id)
    expect(await apply(watch, signal(machine, 'clear'))).toBeNull()
    expect(await readSummary(watch.records, id)).toMatchObject({ state: 'resolved', value: 0.5 })
  })

  it('tells people how it was at that moment', async () => {
    const { watch, machine, id } = await withIncident()
    await apply(watch, signal(machine, 'clear'))
    const rows = await watch.records.selectFrom('outbox').selectAll().orderBy('id').execute()
    const told = rows.map(row => JSON.parse(row.incident) as { state: string; value: number })
    expect(rows.map(row => row.incident_id)).toEqual([id, id])
    expect(told.map(({ state, value }) => ({ state, value })).sort((a, b) => b.value - a.value)).toEqual([
      { state: 'open', value: 0.97 },
      { state: 'resolved', value: 0.5 },
    ])
  })
})

describe('the list', () => {
  it('finds by state and subject, newest first, page by page; the wall wants the worst first', async () => {
    const watch = await openWatch()
    const [one, two] = [await watch.enrol('web-1'), await watch.enrol('web-2')]
    const raise = (machine: Machine, part: string, severity: Signal['severity']) =>
      apply(watch, signal(machine, 'raise', { part, severity }))
    await raise(one, 'a', 'medium')
    const second = await raise(one, 'b', 'critical')
    await raise(two, 'a', 'critical')
    await raise(two, 'b', 'low')
    await apply(watch, signal(one, 'clear', { part: 'a' }))
    await acknowledgeIncident.perform(watch.verbDeps, OPERATOR, { id: second })
    const numbers = async (filter: Parameters<typeof listIncidents>[1]) =>
      (await listIncidents(watch.records, filter)).map(incident => incident.number)
    expect(await numbers({ limit: 10 })).toEqual([4, 3, 2, 1])
    expect(await numbers({ limit: 2 })).toEqual([4, 3])
    expect(await numbers({ limit: 2, before: 3 })).toEqual([2, 1])
    expect(await numbers({ limit: 10, state: 'active' })).toEqual([4, 3, 2])
    expect(await numbers({ limit: 10, state: 'acknowledged' })).toEqual([2])
    expect(await numbers({ limit: 10, state: 'resolved' })).toEqual([1])
    expect(await numbers({ limit: 10, subject: one.deviceId })).toEqual([2, 1])
    expect((await listActiveIncidents(watch.records)).map(incident => incident.number)).toEqual([3, 2, 4])
    expect(await refusal(readSummary(watch.records, UNKNOWN_ID))).toBe('not-found')
  })
})
