// Points in which the five regulations differ (1 to 14; the numbers are those of the literal reading): the same facts,
// judged under each of them.
import { describe, expect, it } from 'vitest'
import {
  agency,
  backup,
  centre,
  dataset,
  down,
  everywhere,
  FULL,
  HOUR_MS,
  link,
  measure,
  NOW,
  office,
  PLACES,
  record,
  recoveryCentre,
  router,
  rulesOf,
  server,
  standing,
  subject,
  theme,
  UP,
} from './duty-facts.ts'

describe('where things stand and who is exempt', () => {
  it('1: a server at an office, data and an application too', () => {
    const servers = everywhere(measure('placement', 'server'), { subjects: [agency, office, centre, server] })
    expect(servers).toEqual({
      ...{ surakarta: 'breach', depok: 'breach', sragen: 'breach, finding' },
      ...{ blitar: 'option', palopo: 'breach' },
    })
  })

  it('1: in Blitar data and applications must be in the data centre, although servers need not', () => {
    const application = subject('application', 'e-bansos', {
      role: 'special',
      agencyId: 'dinsos',
      fields: { owner: 'Dinsos' },
    })
    const records = [
      record('placement', { object: 'dataset', place: 'agency' }, { title: 'bansos' }),
      record('placement', { object: 'application', place: 'agency' }, { title: 'e-bansos' }),
    ]
    const facts = { subjects: [agency, dataset, application], records }
    expect(standing('blitar', measure('placement', 'dataset'), facts)).toBe('breach, finding')
    expect(standing('blitar', measure('placement', 'application'), facts)).toBe('breach')
    expect(standing('depok', measure('placement', 'dataset'), facts)).toBe('finding')
    expect(standing('sragen', measure('placement', 'dataset'), facts)).toBe('no duty')
  })

  it('2: one exemption, by its ground: what each text takes out of placing', () => {
    const aside = (
      place: (typeof PLACES)[number],
      ground: string,
      subjectKind: 'server' | 'dataset' | 'application',
    ) => {
      const thing = subject(subjectKind, 'siak', { agencyId: 'dinsos', siteId: 'kantor' })
      const duties = rulesOf(place).filter(measure('placement', subjectKind))
      const exemption = record(
        'exemption',
        { duties: duties.map(({ id }) => id), decree: '7/2025', ground },
        { about: ['siak'], legalBasis: 'Menurut peraturan' },
      )
      return standing(place, measure('placement', subjectKind), {
        subjects: [agency, office, thing],
        records: [exemption],
      })
    }
    const everyone = (ground: string, subjectKind: 'server' | 'dataset' | 'application') =>
      PLACES.map(place => aside(place, ground, subjectKind))
    // Surakarta, Depok, Sragen, Blitar, Palopo.
    expect(everyone('other-law', 'server')).toEqual(['exempt', 'breach', 'breach, finding', 'option', 'breach'])
    expect(everyone('existing-assets', 'server')).toEqual(['exempt', 'breach', 'breach, finding', 'option', 'breach'])
    expect(everyone('siak', 'server')).toEqual(['breach', 'breach', 'breach, finding', 'option', 'exempt'])
    expect(aside('blitar', 'returned-after-test', 'application')).toBe('exempt')
    expect(aside('blitar', 'no-capacity', 'application')).toBe('breach')
    expect(aside('depok', 'no-capacity', 'application')).toContain('exempt')
    expect(aside('depok', 'returned-after-test', 'application')).not.toContain('exempt')
    // A ground that no text knows takes nothing out; other law may, and names no ground.
    expect(everyone('because', 'server')).toEqual(['breach', 'breach', 'breach, finding', 'option', 'breach'])
  })

  it('2: the grounds that the packs write', () => {
    const allowed = (place: (typeof PLACES)[number]) =>
      rulesOf(place)
        .filter(rule => rule.measure === 'placement')
        .flatMap(rule => rule.duty.exemptions.map(exemption => exemption.id))
    expect(new Set(allowed('surakarta'))).toEqual(new Set(['other-law', 'existing-assets']))
    expect(new Set(allowed('palopo'))).toEqual(new Set(['siak']))
    expect(new Set(allowed('blitar'))).toEqual(new Set(['returned-after-test']))
    expect(new Set(allowed('depok'))).toEqual(new Set(['no-capacity']))
    expect(allowed('sragen')).toEqual([])
  })

  it('3: an independent agency is out of one duty by its decree, and stays in the others', () => {
    const rsud = subject('agency', 'rsud', { independent: true })
    const itsServer = subject('server', 'srv-rsud', { agencyId: 'rsud', siteId: 'kantor', independent: true })
    const itsRouter = subject('router', 'rtr-rsud', { agencyId: 'rsud', independent: true })
    const ban = 'depok-2021-40-22-2-larangan-ubah-konfigurasi'
    const exemption = record(
      'exemption',
      { duties: [ban], decree: '12/2025' },
      { about: ['rsud'], legalBasis: 'Pasal 22 ayat (5)' },
    )
    const changed = { configurationChanges: () => [{ at: NOW - 72 * HOUR_MS, what: 'running-config' }] }
    const facts = { subjects: [rsud, office, itsServer, itsRouter], records: [exemption], ports: changed }
    expect(standing('depok', theme('ji-perubahan', 'config_hash_change'), facts)).toBe('exempt')
    expect(standing('depok', theme('penempatan', 'placement'), facts)).toContain('breach')
    const bare = { ...facts, records: [{ ...exemption, legalBasis: null }] }
    expect(standing('depok', theme('ji-perubahan', 'config_hash_change'), bare)).toBe('breach')
    expect(everywhere(theme('pd-mandiri'), facts)).toMatchObject({
      surakarta: 'no duty',
      sragen: 'no duty',
      palopo: 'no duty',
    })
  })
})

describe('copies', () => {
  it('4: who owes the backup, and how old it may be', () => {
    const subjects = [agency, dataset]
    const old = { subjects, ports: { backup: backup(200, ['data-centre']) } }
    expect(everywhere(theme('cadangan', 'backup_age'), old)).toEqual({
      ...{ surakarta: 'breach', depok: 'breach', sragen: 'no duty', blitar: 'breach, unmeasured', palopo: 'breach' },
    })
    const owing = PLACES.map(place => rulesOf(place).find(theme('cadangan', 'backup_age'))?.duty.owedBy)
    expect(owing).toEqual(['agencies', 'agencies', undefined, 'diskominfo', 'diskominfo'])
    // Urgent data: two days are too old in Depok and a warning in Surakarta.
    const twoDays = { subjects, ports: { backup: backup(48, ['data-centre']) } }
    expect(standing('depok', theme('cadangan'), twoDays)).toBe('breach')
    expect(standing('surakarta', theme('cadangan'), twoDays)).toBe('at-risk')
    expect(standing('sragen', theme('kam-ketersediaan'), old)).toBe('finding')
    // A fresh copy of data whose urgency nobody wrote down: Depok asks for the class.
    const unclassed = {
      subjects: [agency, subject('dataset', 'arsip', { agencyId: 'dinsos' })],
      ports: { backup: backup(2, ['data-centre']) },
    }
    expect(standing('depok', theme('cadangan', 'backup_age'), unclassed)).toBe('at-risk')
    expect(standing('surakarta', theme('cadangan', 'backup_age'), unclassed)).toBe('met')
  })

  it('5: a copy in the data centre is enough everywhere but in Blitar, which wants one far away too', () => {
    const facts = { subjects: [agency, centre, dataset], ports: { backup: backup(2, ['data-centre']) } }
    expect(everywhere(measure('backup_offsite'), facts)).toEqual({
      ...{ surakarta: 'no duty', depok: 'no duty', sragen: 'no duty', blitar: 'finding', palopo: 'no duty' },
    })
    const elsewhere = { subjects: [agency, centre, dataset], ports: { backup: backup(2, ['cloud']) } }
    expect(standing('palopo', theme('cadangan'), elsewhere)).toBe('breach')
    expect(standing('palopo', theme('cadangan'), facts)).toBe('met')
  })

  it('6: a recovery centre five kilometres away, a day and a half behind', () => {
    const drc = subject('site', 'drc', { role: 'drc', coordinates: { latitude: -7.6, longitude: 110.85 } })
    const facts = { subjects: [centre, drc], ports: { drc: () => recoveryCentre({ lagHours: 36 }) } }
    expect(everywhere(measure('drc_distance'), facts)).toEqual({
      ...{ surakarta: 'no duty', depok: 'finding', sragen: 'no duty', blitar: 'breach', palopo: 'no duty' },
    })
    expect(everywhere(measure('drc_status'), facts)).toEqual({
      ...{ surakarta: 'finding', depok: 'finding', sragen: 'no duty', blitar: 'finding', palopo: 'no duty' },
    })
  })

  it('7: who promises that it runs', () => {
    const hosted = subject('server', 'srv', { siteId: 'pusat-data' })
    const portal = subject('service', 'perizinan', { role: 'public' })
    const half = { upMs: 10 * 24 * HOUR_MS, outageMs: 10 * 24 * HOUR_MS, unobservedMs: 0, uptimeRatio: 0.5 }
    const facts = {
      subjects: [centre, hosted, portal],
      ports: {
        serverAvailability: (_: string, window: { from: number; to: number }) => ({ ...window, ...half, plannedMs: 0 }),
        service: down,
      },
    }
    expect(everywhere(measure('server_uptime'), facts)).toEqual({
      ...{ surakarta: 'finding', depok: 'no duty', sragen: 'no duty', blitar: 'finding', palopo: 'finding' },
    })
    expect(everywhere(theme('uptime', 'sla_attainment'), facts)).toMatchObject({ depok: 'breach', sragen: 'no duty' })
    expect(everywhere(theme('uptime', 'service_health'), facts)).toMatchObject({ depok: 'no duty', sragen: 'finding' })
    const promising = PLACES.map(
      place => rulesOf(place).find(rule => rule.duty.theme === 'uptime' && rule.severity === 'critical')?.duty.owedBy,
    )
    expect(promising).toEqual(['data-centre', 'service-owners', 'agencies', 'data-centre', 'data-centre'])
  })
})

describe('the network', () => {
  it('8: a local network is down, and the last metres to the router: whose is it?', () => {
    const between = subject('link', 'antarkantor', { role: 'intra-network' })
    const inside = (reach: string) => subject('link', reach, { role: 'intra-network', fields: { reach } })
    const broken = (name: string) => ({
      subjects: [between, inside('agency-router'), inside('lan')],
      ports: { link: (id: string) => (id === name ? down() : UP) },
    })
    const edge = (rule: { parameters: Record<string, unknown> }) => rule.parameters.demarcation !== undefined
    const standings = (name: string) => PLACES.map(place => standing(place, edge, broken(name)))
    // Surakarta, Depok, Sragen (which sets no edge), Blitar, Palopo.
    expect(standings('lan')).toEqual(['finding, met', 'finding, met', 'no duty', 'met', 'met'])
    expect(standings('agency-router')).toEqual(['finding, met', 'finding, met', 'no duty', 'met', 'finding, met'])
    // What lies inside the site is the agency's own in Blitar.
    const ownEnd = (rule: { parameters: Record<string, unknown> }) => rule.parameters.beyond !== undefined
    expect(standing('blitar', ownEnd, broken('lan'))).toBe('breach, met')
    expect(standing('blitar', ownEnd, broken('antarkantor'))).toBe('met')
    expect(standings('antarkantor')).toEqual(['finding, met', 'finding, met', 'no duty', 'finding', 'finding, met'])
  })

  it('8: who owes what lies on either side', () => {
    const owing = (place: 'blitar' | 'palopo') =>
      new Set(
        rulesOf(place)
          .filter(theme('ji-kelola', 'link_uptime'))
          .map(rule => rule.duty.owedBy),
      )
    expect(owing('blitar')).toContain('system-operators')
    expect(owing('palopo')).toEqual(new Set(['diskominfo']))
  })

  it('9: an office that does not go through the intra network', () => {
    const path = () => ({ throughGovernment: false, checkedAt: NOW })
    const facts = { subjects: [agency, office], ports: { path } }
    expect(everywhere(theme('ji-pakai'), facts)).toEqual({
      ...{ surakarta: 'breach', depok: 'breach', sragen: 'no duty', blitar: 'not-applicable', palopo: 'breach' },
    })
    const running = { subjects: [agency, office, server], ports: { path } }
    expect(standing('blitar', theme('ji-pakai'), running)).toBe('breach')
  })

  it('10: a configuration that changed and nobody recorded', () => {
    const configurationChanges = () => [{ at: NOW - 72 * HOUR_MS, what: 'running-config' }]
    const facts = { subjects: [agency, office, router], ports: { configurationChanges } }
    expect(everywhere(measure('config_hash_change'), facts)).toEqual({
      ...{ surakarta: 'no duty', depok: 'breach', sragen: 'finding', blitar: 'no duty', palopo: 'no duty' },
    })
  })

  it('11: a new device: coordination, approval, recommendation or nothing', () => {
    const unknownDevices = () => [{ at: NOW - 72 * HOUR_MS, what: 'aa:bb:cc' }]
    const fresh = subject('server', 'srv-baru', { agencyId: 'dinsos', since: NOW - 72 * HOUR_MS })
    const facts = { subjects: [agency, fresh], ports: { unknownDevices } }
    expect(everywhere(theme('perangkat', 'unknown_device'), facts)).toMatchObject({
      ...{ surakarta: 'breach', depok: 'no duty', sragen: 'no duty', blitar: 'finding', palopo: 'no duty' },
    })
    expect(everywhere(theme('pengadaan', 'approval_record'), facts)).toMatchObject({
      ...{ surakarta: 'no duty', sragen: 'breach', blitar: 'finding', palopo: 'finding' },
    })
    const gates = (place: (typeof PLACES)[number]) =>
      new Set(
        rulesOf(place)
          .filter(theme('pengadaan', 'approval_record'))
          .map(rule => rule.parameters.approvalType?.value),
      )
    expect(gates('sragen')).toEqual(new Set(['approval', 'recommendation']))
    expect(gates('blitar')).toEqual(new Set(['recommendation']))
  })

  it('12: a line that is full, and an agency without an allocation', () => {
    const facts = {
      subjects: [agency, link('intra-network'), link('internet')],
      ports: { bandwidth: (id: string) => (id === 'dinsos' ? { usedBps: null, allocatedBps: null } : FULL) },
    }
    expect(everywhere(measure('bandwidth_utilisation'), facts)).toEqual({
      ...{ surakarta: 'finding', depok: 'no duty', sragen: 'no duty', blitar: 'finding', palopo: 'no duty' },
    })
    expect(everywhere(measure('bandwidth_allocation'), facts)).toMatchObject({
      surakarta: 'finding',
      blitar: 'no duty',
    })
  })

  it('13: the internet is away', () => {
    expect(
      everywhere(theme('internet', 'link_uptime'), { subjects: [link('internet')], ports: { link: down } }),
    ).toEqual({
      ...{ surakarta: 'no duty', depok: 'no duty', sragen: 'finding', blitar: 'no duty', palopo: 'no duty' },
    })
  })

  it('14: the lines to other data centres are cut', () => {
    const facts = {
      subjects: [link('data-centre-peer'), link('national-data-centre')],
      records: [record('decision', { topic: 'city-built-data-centre', decree: '1/2020' })],
      ports: { link: down },
    }
    expect(everywhere(theme('pd-koneksi'), facts)).toEqual({
      ...{ surakarta: 'breach', depok: 'not-applicable', sragen: 'breach', blitar: 'option', palopo: 'no duty' },
    })
    // One of the three kinds is enough in Surakarta; Sragen wants the national one.
    const one = { ...facts, ports: { link: (id: string) => (id === 'tautan-data-centre-peer' ? UP : down()) } }
    expect(everywhere(theme('pd-koneksi'), one)).toMatchObject({ surakarta: 'met', sragen: 'breach' })
    const dated = { ...facts, settings: [{ rule: '19-2-e-koneksi-pdn', name: 'targetDate', value: '2025-12-31' }] }
    expect(standing('depok', theme('pd-koneksi'), dated)).toBe('breach')
    expect(standing('depok', theme('pd-koneksi'), { ...dated, records: [] })).toBe('not-applicable')
  })
})
