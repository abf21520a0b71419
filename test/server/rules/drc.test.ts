// The recovery centre under the duties of Surakarta 14(9), Depok 20(3) and (4), Blitar 42(12) and 51.
import { describe, expect, it } from 'vitest'
import type { KeptThere, RecoveryCentre, StandsThere } from '../../../server/backups/recovery-centre.ts'
import { heartbeatOf, reachOf } from '../../../server/backups/recovery-centre.ts'
import {
  backup,
  centre,
  dataset,
  everywhere,
  HOUR_MS,
  measure,
  NOW,
  record,
  recoveryCentre,
  standing,
  subject,
  theme,
} from './duty-facts.ts'

const at = (latitude: number, longitude: number, id = 'drc') =>
  subject('site', id, { role: 'drc', coordinates: { latitude, longitude } })
/** Yogyakarta, 55 km from the data centre in Solo. */
const drc = at(-7.8, 110.36)
const drill = (heldOn: string, outcome = 'succeeded', files = 1) =>
  record('drill', { heldOn, outcome, scenario: 'listrik padam' }, { about: ['drc'], files })
const server = (more: Partial<StandsThere> = {}): StandsThere => ({
  ...{ id: 'srv', name: 'srv', kind: 'server', state: 'up', heartbeat: 'heard' },
  ...more,
})
const kept = (more: Partial<KeptThere> = {}): KeptThere => ({
  ...{ what: 'dataset', id: 'd', name: 'd', urgency: 'high', found: 'copy', lagMs: HOUR_MS },
  ...more,
})

describe('whether a recovery centre is there (drc_status)', () => {
  const judged = (found: RecoveryCentre | null, drills = [drill('2026-10-01')]) => {
    const facts = { subjects: [centre, drc], records: drills, ports: { drc: () => found } }
    const { sragen, palopo, ...rest } = everywhere(measure('drc_status'), facts)
    expect([sragen, palopo]).toEqual(['no duty', 'no duty'])
    const verdicts = new Set(Object.values(rest))
    expect(verdicts.size).toBe(1)
    return [...verdicts][0]
  }

  it.each<[string, RecoveryCentre | null, string]>([
    ['nobody looks', null, 'unmeasured'],
    ['nothing stands there and nothing is copied', { standsThere: [], keptThere: [] }, 'unmeasured'],
    ['it answers, its server speaks, an hour behind', recoveryCentre({ lagHours: 1 }), 'met'],
    ['a day and a half behind', recoveryCentre({ lagHours: 36 }), 'finding'],
    ['exactly at the limit', recoveryCentre({ lagHours: 24 }), 'met'],
    ['no data set must be there', recoveryCentre({ keptThere: [] }), 'unmeasured'],
    [
      'copies that nobody told of',
      recoveryCentre({ keptThere: [kept({ found: 'unknown', lagMs: null })] }),
      'unmeasured',
    ],
    [
      'a data set that never came',
      recoveryCentre({ keptThere: [kept(), kept({ found: 'never', lagMs: null })] }),
      'finding',
    ],
    [
      'less urgent, two days behind',
      recoveryCentre({ keptThere: [kept({ urgency: 'low', lagMs: 48 * HOUR_MS })] }),
      'met',
    ],
    [
      'less urgent, eight days behind',
      recoveryCentre({ keptThere: [kept({ urgency: 'low', lagMs: 192 * HOUR_MS })] }),
      'finding',
    ],
    [
      'no server on record',
      recoveryCentre({ standsThere: [server({ kind: 'router', heartbeat: null })] }),
      'unmeasured',
    ],
    [
      'a server without an agent',
      recoveryCentre({ standsThere: [server(), server({ state: null, heartbeat: 'unwatched' })] }),
      'unmeasured',
    ],
    [
      'one of two servers is silent',
      recoveryCentre({ standsThere: [server(), server({ state: 'unknown', heartbeat: 'silent' })] }),
      'finding',
    ],
    [
      'the collector has only just started',
      recoveryCentre({ standsThere: [server({ state: 'unknown', heartbeat: 'unknown' })] }),
      'unmeasured',
    ],
    [
      'its link is down and its server silent',
      recoveryCentre({
        standsThere: [
          server({ state: 'unknown', heartbeat: 'silent' }),
          server({ kind: 'link', state: 'down', heartbeat: null }),
        ],
      }),
      'finding',
    ],
    ['late, and the rest unknown', recoveryCentre({ standsThere: [], lagHours: 99 }), 'finding'],
  ])('%s', (_, found, expected) => {
    expect(judged(found)).toBe(expected)
  })

  it('is no better than at risk until a drill was held in time, went well and has its evidence', () => {
    const good = recoveryCentre()
    expect(judged(good, [])).toBe('at-risk')
    expect(judged(good, [drill('2026-01-10')])).toBe('at-risk')
    expect(judged(good, [drill('2026-10-01', 'failed')])).toBe('at-risk')
    expect(judged(good, [drill('2026-10-01', 'partly', 0)])).toBe('at-risk')
    // One that lies in the future was not held.
    expect(judged(good, [drill('2026-12-24')])).toBe('at-risk')
    expect(judged(good, [drill('2026-01-10'), drill('2026-10-01')])).toBe('met')
  })
})

describe('whether it stands far enough and in the country (drc_distance)', () => {
  const risk = record('document', { topic: 'drc-lokasi', documentType: 'other' }, { about: ['drc'] })
  const placed = (country: string) =>
    record('placement', { object: 'site', place: 'drc', country }, { about: ['drc'], title: 'drc' })
  const judged = (site = drc, records = [risk]) => {
    const facts = { subjects: [centre, site], records }
    return [standing('depok', measure('drc_distance'), facts), standing('blitar', measure('drc_distance'), facts)]
  }

  it('asks for distance in both, for the country in Blitar, for a risk assessment in Depok', () => {
    expect(judged()).toEqual(['met', 'met'])
    expect(judged(at(-7.6, 110.85))).toEqual(['finding', 'breach'])
    expect(judged(at(1.35, 103.82))).toEqual(['met', 'breach'])
    expect(judged(drc, [])).toEqual(['at-risk', 'met'])
    expect(judged(subject('site', 'drc', { role: 'drc' }))).toEqual(['unmeasured', 'unmeasured'])
  })

  it('believes the register where it names a country', () => {
    expect(judged(drc, [placed('SG'), risk])).toEqual(['met', 'breach'])
    // On a border coordinates are too coarse: Nongsa in Batam, across from Singapore.
    expect(judged(at(1.24, 104.1), [placed('ID'), risk])).toEqual(['met', 'met'])
  })

  it('wants a copy far away too: Blitar 42(12)', () => {
    const copyAt = (siteId: string) => () => ({
      ...backup(2, [])(),
      copies: [{ place: 'drc', siteId, country: 'ID' }],
    })
    const near = at(-7.6, 110.85, 'dekat')
    const facts = (siteId: string) => ({ subjects: [centre, drc, near, dataset], ports: { backup: copyAt(siteId) } })
    expect(standing('blitar', measure('backup_offsite'), facts('drc'))).toBe('met')
    expect(standing('blitar', measure('backup_offsite'), facts('dekat'))).toBe('finding')
  })
})

describe('Blitar 42(11) and 51(2)', () => {
  it('the plan on file is a document with a date; who runs the centre is judged by its servers', () => {
    const plan = (issuedOn: string) =>
      record('document', { topic: 'drp', documentType: 'plan', signatory: 'diskominfo' }, { issuedOn })
    const judged = (records: ReturnType<typeof plan>[]) =>
      standing('blitar', ({ id }) => id.endsWith('42-11-rencana-pemulihan'), { records })
    expect(judged([plan('2026-03-01')])).toBe('met')
    expect(judged([plan('2025-03-01')])).toBe('finding')
    const facts = { subjects: [centre, drc], ports: {} }
    expect(standing('blitar', theme('drc', 'service_health'), facts)).toBe('unmeasured')
  })
})

describe('what stands at a site', () => {
  const hearing = (lastHeardAt: number | null) => ({ lastHeardAt, since: NOW - 90 * HOUR_MS, evidenceLastsMs: 30_000 })

  it('is silent only once somebody listened for five minutes in vain', () => {
    const early = NOW - HOUR_MS
    expect(heartbeatOf(null, early, NOW)).toBe('unwatched')
    expect(heartbeatOf(hearing(NOW - 240_000), early, NOW)).toBe('heard')
    expect(heartbeatOf(hearing(NOW - 400_000), early, NOW)).toBe('silent')
    expect(heartbeatOf(hearing(NOW - 400_000), NOW - 60_000, NOW)).toBe('unknown')
    expect(heartbeatOf(hearing(null), early, NOW)).toBe('silent')
  })

  it('answers when one thing does; that all are cut off by others says nothing of it', () => {
    const reach = (...states: StandsThere['state'][]) =>
      reachOf({ keptThere: [], standsThere: states.map(state => server({ kind: 'link', state, heartbeat: null })) })
    expect(reach()).toBe('unwatched')
    expect(reach(null)).toBe('unwatched')
    expect(reach('down', 'degraded')).toBe('answers')
    expect(reach('unreachable', 'down')).toBe('silent')
    expect(reach('unreachable', 'unknown')).toBe('unknown')
  })
})
