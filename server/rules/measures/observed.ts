// What is measured over a calendar month: servers, links, services. The open month is provisional: it is unmet for certain
// once its target can't be reached any more, and at risk while the part that has passed lies below it.
import { decimalComma } from '../../platform/decimal-comma.ts'
import { dateOfDay, dayNumber, endOfPeriod, startOfDay } from '../civil-date.ts'
import { standingAt } from '../duties/belongings.ts'
import { isInForce } from '../duties/register-index.ts'
import type { Observed, UsedBps, Window } from '../duties/snapshot.ts'
import { subjectsOf } from '../duties/subjects-of.ts'
import {
  above,
  below,
  cautioned,
  type DutyInput,
  type DutyMeasure,
  type DutyMeasurement,
  measured,
  NONE_REGISTERED,
  NOT_WATCHED,
  numberOf,
  unmeasured,
  wordOf,
} from './duty-measure.ts'

const HOUR_MS = 3_600_000
/** Of the time that has passed, this much must have been observed, else the figure says nothing. */
const OBSERVED_AT_LEAST = 0.5

export type Month = Window & { endsAt: number }

/** The month that is judged: the open one, and in its first day still the one before. */
export function judgedMonth(at: number, today: string, timeZone: string): Month {
  const day = Number(today.slice(8, 10)) === 1 ? dateOfDay(dayNumber(today) - 1) : today
  const from = startOfDay(`${day.slice(0, 8)}01`, timeZone)
  const endsAt = startOfDay(dateOfDay(dayNumber(endOfPeriod(day, 1)) + 1), timeZone)
  return { from, to: Math.min(at, endsAt), endsAt }
}

/** Pure arithmetic of one month against its target. */
export function monthVerdict(
  month: Month,
  observed: { upMs: number; outageMs: number },
  targetRatio: number,
): { value: number | null; running: number | null; reachable: number } {
  const { upMs, outageMs } = observed
  const seenMs = upMs + outageMs
  const lengthMs = Math.max(1, month.endsAt - month.from)
  const reachable = 1 - outageMs / lengthMs
  const running = seenMs === 0 ? null : upMs / seenMs
  const enough = seenMs >= OBSERVED_AT_LEAST * (month.to - month.from) && seenMs >= HOUR_MS
  // The outages alone may decide, however little was watched.
  return { value: enough || reachable < targetRatio ? reachable : null, running, reachable }
}

function ofMonth(
  input: DutyInput,
  observed: { upMs: number; outageMs: number },
  targetPct: number,
  basis: Record<string, unknown>,
): DutyMeasurement[] {
  const { at, today, timeZone } = input.snapshot
  const month = judgedMonth(at, today, timeZone)
  const target = targetPct / 100
  const { value, running, reachable } = monthVerdict(month, observed, target)
  const limits = below(target)
  const risky = value !== null && running !== null && running < target && reachable >= target
  const percent = (ratio: number | null) => (ratio === null ? '–' : `${(ratio * 100).toFixed(2)} %`)
  const percentId = (ratio: number | null) => (ratio === null ? '–' : `${decimalComma(ratio * 100, 2)} %`)
  return measured(
    value,
    'ratio',
    risky && value !== null ? cautioned(limits, value) : limits,
    () => ({
      id: `Bulan ini ${percentId(running)}, masih dapat dicapai ${percentId(reachable)}, target ${targetPct} %.`,
      en: `This month ${percent(running)}, still within reach ${percent(reachable)}, target ${targetPct} %.`,
    }),
    { from: month.from, to: month.to, monthEndsAt: month.endsAt, ...observed, running, ...basis },
  )
}

/** Planned work that was announced is no outage, unless the city says otherwise. */
function outageOf(input: DutyInput, { outageMs, plannedMs }: { outageMs: number; plannedMs: number }): number {
  return input.rule.parameters.excludeApprovedMaintenance?.value === false ? outageMs + plannedMs : outageMs
}

export const serverUptimeDuty: DutyMeasure = input => {
  const { at, today, timeZone, ports } = input.snapshot
  const availability = ports.serverAvailability(input.subject.id, judgedMonth(at, today, timeZone))
  const target = numberOf(input, 'uptimeTargetPct') ?? 99
  if (availability === null) return unmeasured(NOT_WATCHED, below(target / 100), 'ratio')
  const { upMs, unobservedMs } = availability
  const outageMs = outageOf(input, availability)
  return ofMonth(input, { upMs, outageMs }, target, { unobservedMs, source: 'agent' })
}

/** Servers that stand at a site, or a service as its probes see it. */
export const serviceHealth: DutyMeasure = input => {
  const { at, today, timeZone, ports } = input.snapshot
  const target = numberOf(input, 'uptimeTargetPct') ?? 99
  if (input.subject.kind !== 'site') return probed(input, target)
  const month = judgedMonth(at, today, timeZone)
  const servers = standingAt(input.snapshot, input.subject.id).filter(({ kind }) => kind === 'server')
  const watched = servers.flatMap(server => {
    const found = ports.serverAvailability(server.id, month)
    return found === null ? [] : [{ name: server.name, upMs: found.upMs, outageMs: outageOf(input, found) }]
  })
  if (watched.length === 0) return unmeasured(NOT_WATCHED, below(target / 100), 'ratio')
  // The weakest component decides: an average would hide it.
  const worst = watched.reduce((left, right) => (left.outageMs >= right.outageMs ? left : right))
  return ofMonth(input, worst, target, { worst: worst.name, servers: servers.length, watched: watched.length })
}

function probed(input: DutyInput, targetPct: number): DutyMeasurement[] {
  if (input.subject.kind === 'agency') return unmeasured(NONE_REGISTERED, below(targetPct / 100), 'ratio')
  const { at, today, timeZone, ports } = input.snapshot
  const found = ports.service(input.subject.id, judgedMonth(at, today, timeZone))
  if (found === null || found.ratio === null) return unmeasured(NOT_WATCHED, below(targetPct / 100), 'ratio')
  const upMs = found.ratio * found.observedMs
  return ofMonth(input, { upMs, outageMs: found.observedMs - upMs }, targetPct, { sources: found.sources })
}

export const httpProbe: DutyMeasure = input => probed(input, numberOf(input, 'availabilityTargetPct') ?? 99)

/** Against the number in the SLA on record, where there is one. */
export const slaAttainment: DutyMeasure = input => {
  const { snapshot, subject } = input
  const agreed = snapshot.registers
    .all('sla')
    .find(record => isInForce(record, snapshot.today) && record.fields.service === subject.name)?.fields.availabilityPct
  const counts = typeof agreed === 'number' && input.rule.parameters.useSlaNumbersWhenRegistered?.value !== false
  return probed(input, counts ? agreed : (numberOf(input, 'availabilityTargetPct') ?? 99))
}

/**
 * Share of the time in which the link was seen up. Where the text is content with so many connections, the weakest that
 * is still needed speaks for all of them: one that is down beside it breaks nothing.
 */
export const linkUptime: DutyMeasure = input => {
  const { at, today, timeZone, ports } = input.snapshot
  const target = numberOf(input, 'linkUptimeTargetPct') ?? 99
  const month = judgedMonth(at, today, timeZone)
  const own = { name: input.subject.name, found: ports.link(input.subject.id, month) }
  const { name, found } = neededLink(input, month) ?? own
  if (found === null || found.ratio === null) return unmeasured(NOT_WATCHED, below(target / 100), 'ratio')
  const upMs = found.ratio * found.observedMs
  return ofMonth(input, { upMs, outageMs: found.observedMs - upMs }, target, { sources: found.sources, link: name })
}

/** Of the links that are meant, the one that is as good as `minConnectedPeers` asks for; null where nothing is asked. */
function neededLink(input: DutyInput, month: Month): { name: string; found: Observed } | null {
  const needed = numberOf(input, 'minConnectedPeers')
  if (needed === null) return null
  const known = subjectsOf(input.rule, input.snapshot).flatMap(({ id, name }) => {
    const found = input.snapshot.ports.link(id, month)
    return found === null || found.ratio === null ? [] : [{ name, found }]
  })
  return known.sort((left, right) => (right.found.ratio ?? 0) - (left.found.ratio ?? 0))[needed - 1] ?? null
}

/** What goes over a line by the statistic that the duty names, of what was granted. */
export const bandwidthUtilisation: DutyMeasure = input => {
  const [warn, breach] = [numberOf(input, 'warnUtilisationPct') ?? 80, numberOf(input, 'breachUtilisationPct') ?? 95]
  const limits = { ...above(breach / 100, warn / 100), clearMargin: 0.02 }
  const windowMs = (numberOf(input, 'evaluationWindowMinutes') ?? 15) * 60_000
  const found = input.snapshot.ports.bandwidth(input.subject.id, windowMs)
  const usedBps = found?.usedBps?.[statisticOf(input)] ?? null
  const usual = numberOf(input, 'allocationPerOpdMbps')
  const allocatedBps = found?.allocatedBps ?? (usual === null ? null : usual * 1_000_000)
  if (usedBps === null) return unmeasured(NOT_WATCHED, limits, 'ratio')
  if (allocatedBps === null) {
    return unmeasured({ id: 'Alokasi belum tercatat.', en: 'What was granted is not on record.' }, limits, 'ratio')
  }
  const used = usedBps / allocatedBps
  return measured(
    used,
    'ratio',
    limits,
    () => ({
      id: `Terpakai ${decimalComma(used * 100, 1)} % dari alokasi.`,
      en: `${(used * 100).toFixed(1)} % of the allocation is used.`,
    }),
    { usedRatio: used, usedBps, allocatedBps, windowMs, statistic: statisticOf(input) },
  )
}

function statisticOf(input: DutyInput): keyof UsedBps {
  const word = wordOf(input, 'statistic')
  return word === 'max' || word === 'mean' ? word : 'p95'
}
