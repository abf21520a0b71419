// A made-up city at one moment: facts in a line each, and how a regulation judges them.
import { fileURLToPath } from 'node:url'
import { missOf, type SubjectKind } from '../../../protocol/duty-words.ts'
import type { ParameterValue } from '../../../protocol/shapes.ts'
import type { RecoveryCentre } from '../../../server/backups/recovery-centre.ts'
import { dutiesInForce, type RuleSetting } from '../../../server/rules/duties/in-force.ts'
import { judgeDuty } from '../../../server/rules/duties/judge.ts'
import { indexRegisters, type KnownRecord } from '../../../server/rules/duties/register-index.ts'
import {
  CITY_ID,
  type DutyPorts,
  type DutySubject,
  portsWith,
  type Snapshot,
} from '../../../server/rules/duties/snapshot.ts'
import { loadRegulations } from '../../../server/rules/load-regulations.ts'
import type { Rule } from '../../../server/rules/pack.ts'
import type { Duty } from '../../../server/rules/regulation-pack.ts'

export const REGULATIONS = loadRegulations(fileURLToPath(new URL('../../../config/regulations', import.meta.url)))
/** The five, by their place. */
export const PLACES = ['surakarta', 'depok', 'sragen', 'blitar', 'palopo'] as const
export type Place = (typeof PLACES)[number]
export type DutyRule = Rule & { duty: Duty }

export const HOUR_MS = 3_600_000
export const NOW = Date.UTC(2026, 10, 23, 3)
const TODAY = '2026-11-23'
/** Three years ago: what is due each year or each second year is overdue, what is due in five years is not. */
const ENABLED = '2023-06-01'

export function subject(kind: SubjectKind, id: string, more: Partial<DutySubject> = {}): DutySubject {
  return {
    ...{ id, kind, name: id, role: null, agencyId: null, siteId: null, independent: false, coordinates: null },
    ...{ fields: {}, since: NOW - 400 * 24 * HOUR_MS },
    ...more,
  }
}

/** A row of a register; `about` are ids of subjects, none for the city. */
export function record(
  kind: string,
  fields: KnownRecord['fields'],
  more: Partial<KnownRecord> & { about?: string[] } = {},
): KnownRecord {
  const { about = [], ...rest } = more
  return {
    ...{ id: `${kind}-1`, recordId: `${kind}-1`, version: 1, kind, title: kind, number: null, issuedOn: '2026-01-05' },
    ...{ validFrom: null, validUntil: null, legalBasis: null, enteredAt: NOW - HOUR_MS, endedAt: null, files: 1 },
    subjects: about.map(id => ({ kind: 'agency' as const, id })),
    fields,
    ...rest,
  }
}

export type Facts = {
  subjects?: DutySubject[]
  records?: KnownRecord[]
  ports?: Partial<DutyPorts>
  /** What the city set, by the end of the duty's id. */
  settings?: { rule: string; name: string; value: ParameterValue }[]
}

export function rulesOf(place: Place): DutyRule[] {
  return REGULATIONS.rules.filter((rule): rule is DutyRule => rule.packId.startsWith(place) && rule.duty !== null)
}

export type Chosen = (rule: DutyRule) => boolean
export const theme =
  (name: string, measure?: string): Chosen =>
  rule =>
    rule.duty.theme === name && (measure === undefined || rule.measure === measure)
export const measure =
  (name: string, kind?: SubjectKind): Chosen =>
  rule =>
    rule.measure === name && (kind === undefined || rule.subject === kind)

/**
 * How the chosen core duties of a regulation stand on these facts, each once and sorted: a miss by what it is called, an
 * option as "option", else the verdict. "no duty" where the regulation has none.
 */
export function standing(place: Place, chosen: Chosen, facts: Facts): string {
  const rules = rulesOf(place).filter(chosen)
  const settings: RuleSetting[] = (facts.settings ?? []).flatMap(({ rule, name, value }, index) =>
    rules
      .filter(({ id }) => id.endsWith(rule))
      .map(({ id }) => ({
        ...{ id: `setting-${index}`, ruleId: id, name, value, validFrom: '2024-01-01', validUntil: null },
        ...{ author: 'Kepala Dinas', decree: '1/2024', enteredAt: NOW - HOUR_MS, endedAt: null },
      })),
  )
  const packs = [{ packId: rules[0]?.packId ?? '', validFrom: ENABLED, validUntil: null, enteredAt: 0, endedAt: null }]
  const snapshot = snapshotOf(facts)
  const found = dutiesInForce({ rules, packs, settings, today: TODAY, at: NOW }).flatMap(duty => {
    const miss = missOf(duty.rule.duty.modal)
    return judgeDuty(duty, snapshot, () => null).map(({ standing: { verdict } }) =>
      miss === 'option' ? 'option' : verdict === 'unmet' ? miss : verdict,
    )
  })
  return found.length === 0 ? 'no duty' : [...new Set(found)].sort().join(', ')
}

/** The same for all five. */
export function everywhere(chosen: Chosen, facts: Facts): Record<Place, string> {
  const one = (place: Place) => standing(place, chosen, facts)
  return {
    surakarta: one('surakarta'),
    depok: one('depok'),
    sragen: one('sragen'),
    blitar: one('blitar'),
    palopo: one('palopo'),
  }
}

function snapshotOf({ subjects = [], records = [], ports = {} }: Facts): Snapshot {
  const all = [subject('city', CITY_ID), ...subjects]
  const byId = new Map(all.map(one => [one.id, one]))
  return {
    ...{ at: NOW, timeZone: 'Asia/Jakarta', today: TODAY, subjects: all, subject: id => byId.get(id) },
    registers: indexRegisters(records, NOW),
    ports: portsWith(ports),
  }
}

// What the stories of the differences share.
export const office = subject('site', 'kantor', { role: 'office', agencyId: 'dinsos' })
export const centre = subject('site', 'pusat-data', {
  role: 'data-centre',
  coordinates: { latitude: -7.57, longitude: 110.82 },
})
export const agency = subject('agency', 'dinsos')
export const server = subject('server', 'srv-dinsos', { agencyId: 'dinsos', siteId: 'kantor' })
export const dataset = subject('dataset', 'bansos', {
  agencyId: 'dinsos',
  fields: { owner: 'Dinsos', urgency: 'high' },
})
export const router = subject('router', 'rtr-dinsos', { agencyId: 'dinsos', siteId: 'kantor' })
export const website = (domain: string, path?: string) =>
  subject('service', 'situs-dinsos', {
    role: 'website',
    agencyId: 'dinsos',
    fields: path ? { domain, path } : { domain },
  })
export const link = (role: string) => subject('link', `tautan-${role}`, { role })
export const down = () => ({ ratio: 0.5, observedMs: 20 * 24 * HOUR_MS, sources: ['prober'] })
export const UP = { ratio: 1, observedMs: 20 * 24 * HOUR_MS, sources: ['prober'] }
/** A line whose whole megabit is taken. */
export const FULL = { usedBps: { p95: 990_000, max: 1_000_000, mean: 900_000 }, allocatedBps: 1_000_000 }
export const backup = (hours: number, places: string[]) => () => ({
  ...{ lastGoodAt: NOW - hours * HOUR_MS, sizeRatio: 1, lastRestoredAt: null },
  copies: places.map(place => ({ place, siteId: place === 'data-centre' ? 'pusat-data' : null, country: 'ID' })),
})
export const audit = (by: string, topic: string) =>
  record('audit', { topic, heldOn: '2023-11-01', auditor: 'Auditor', auditorKind: by })

/** A recovery centre that is as it must be, but for what is said. */
export function recoveryCentre({
  lagHours = 3,
  ...more
}: Partial<RecoveryCentre> & { lagHours?: number } = {}): RecoveryCentre {
  const replica = { id: 'srv-drc', name: 'srv-drc', kind: 'server', state: 'up', heartbeat: 'heard' } as const
  const dukcapil = { what: 'dataset', id: 'dukcapil', name: 'dukcapil', urgency: 'high', found: 'copy' } as const
  return { standsThere: [replica], keptThere: [{ ...dukcapil, lagMs: lagHours * HOUR_MS }], ...more }
}
