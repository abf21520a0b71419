// One made-up city held against each regulation: how every core duty stands was written down beforehand, in
// test/fixtures/regulation-cases.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SUBJECT_KINDS } from '../../../protocol/duty-words.ts'
import { readYaml } from '../../../server/platform/yaml-text.ts'
import type { DutyPorts } from '../../../server/rules/duties/snapshot.ts'
import { type Facts, HOUR_MS, NOW, PLACES, record, recoveryCentre, rulesOf, standing, subject } from './duty-facts.ts'

const DAY_MS = 24 * HOUR_MS
const CONTROLS = ['host-firewall', 'malware-protection', 'log-forwarding']
const numbers = z.record(z.string(), z.number())
const words = z.record(z.string(), z.array(z.string()))
const factsSchema = z.strictObject({
  subjects: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(SUBJECT_KINDS),
      role: z.string().optional(),
      agencyId: z.string().optional(),
      siteId: z.string().optional(),
      independent: z.boolean().optional(),
      coordinates: z.strictObject({ latitude: z.number(), longitude: z.number() }).optional(),
      fields: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  records: z.array(
    z.strictObject({
      kind: z.string(),
      title: z.string().optional(),
      about: z.array(z.string()).optional(),
      fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    }),
  ),
  measured: z.strictObject({
    ...{ availability: numbers, link: numbers, bandwidth: numbers, service: numbers, certificate: numbers },
    ...{ backupAgeHours: numbers, changedHoursAgo: numbers, filesChangedHoursAgo: numbers },
    ...{ unknownDeviceHoursAgo: numbers, throughGovernment: z.record(z.string(), z.boolean()) },
    ...{
      controls: words,
      accounts: words,
      updatesWaitingDays: numbers,
      replicationLagHours: numbers,
      reportedAfterHours: numbers,
    },
  }),
})
type Measured = z.infer<typeof factsSchema>['measured']

const read = (name: string) => {
  const path = fileURLToPath(new URL(`../../fixtures/regulation-cases/${name}.yaml`, import.meta.url))
  const { content, problems } = readYaml(readFileSync(path, 'utf8'), path)
  expect(problems).toEqual([])
  return content
}
const parsed = factsSchema.parse(read('facts'))
const facts: Facts = {
  subjects: parsed.subjects.map(({ id, kind, ...more }) => subject(kind, id, present(more))),
  records: parsed.records.map(({ kind, fields, ...more }, index) =>
    record(kind, fields, { ...present(more), id: `record-${index}` }),
  ),
  ports: portsOf(parsed.measured),
}

/** Without what was left out. */
function present<T extends object>(more: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>
  }
}

/** Each answers null for whom nobody watches. */
function portsOf(measured: Measured): Partial<DutyPorts> {
  const ask =
    <V, A>(values: Record<string, V>, answer: (value: V) => A) =>
    (id: string) =>
      Object.hasOwn(values, id) && values[id] !== undefined ? answer(values[id]) : null
  const over = (ratio: number) => ({ ratio, observedMs: 20 * DAY_MS, sources: ['prober'] })
  const seen = (hours: number) => [{ at: NOW - hours * HOUR_MS, what: 'perubahan' }]
  return {
    serverAvailability: (id, window) =>
      ask(measured.availability, ratio => ({
        ...window,
        ...{
          upMs: ratio * 20 * DAY_MS,
          outageMs: (1 - ratio) * 20 * DAY_MS,
          unobservedMs: 0,
          plannedMs: 0,
          uptimeRatio: ratio,
        },
      }))(id),
    link: ask(measured.link, over),
    service: ask(measured.service, over),
    bandwidth: ask(measured.bandwidth, usedRatio => {
      const used = usedRatio * 1_000_000
      return { usedBps: { p95: used, max: used, mean: used }, allocatedBps: 1_000_000 }
    }),
    certificate: ask(measured.certificate, daysLeft => ({ daysLeft, chainValid: true })),
    backup: ask(measured.backupAgeHours, hours => ({
      ...{ lastGoodAt: NOW - hours * HOUR_MS, sizeRatio: 1, lastRestoredAt: null },
      copies: [{ place: 'data-centre', siteId: 'pusat-data', country: 'ID' }],
    })),
    configurationChanges: ask(measured.changedHoursAgo, seen),
    fileChanges: ask(measured.filesChangedHoursAgo, seen),
    unknownDevices: ask(measured.unknownDeviceHoursAgo, seen),
    path: ask(measured.throughGovernment, throughGovernment => ({ throughGovernment, checkedAt: NOW })),
    posture: ask(measured.controls, controls =>
      Object.fromEntries(CONTROLS.map(name => [name, controls.includes(name)])),
    ),
    securityUpdates: ask(measured.updatesWaitingDays, days => ({
      pendingSince: days === 0 ? null : NOW - days * DAY_MS,
    })),
    privilegedAccounts: ask(measured.accounts, accounts => accounts),
    drc: ask(measured.replicationLagHours, lagHours => recoveryCentre({ lagHours })),
    incidents: ask(measured.reportedAfterHours, hours => {
      const openedAt = NOW - 100 * HOUR_MS
      return [{ number: 1, openedAt, reportedAt: openedAt + hours * HOUR_MS, ticketAt: openedAt, severity: 'critical' }]
    }),
  }
}

describe('the case of each regulation', () => {
  it.each(PLACES)('%s: every core duty stands as it was written down', place => {
    const core = rulesOf(place).filter(rule => rule.duty.scope === 'core')
    const packId = core[0]?.packId ?? ''
    const expected = z.record(z.string(), z.string()).parse(read(packId))
    const found = Object.fromEntries(
      core.map(({ id }) => [id.slice(packId.length + 1), standing(place, rule => rule.id === id, facts)]),
    )
    expect(found).toEqual(expected)
  })

  it('five regulations find five different cities', () => {
    const sums = PLACES.map(place =>
      JSON.stringify(
        rulesOf(place)
          .map(({ id }) => standing(place, rule => rule.id === id, facts))
          .sort(),
      ),
    )
    expect(new Set(sums).size).toBe(PLACES.length)
  })
})
