// Pure: when a maintenance holds.
import { Temporal } from 'temporal-polyfill'
import type { MaintenanceTiming } from '../../protocol/maintenance.ts'
import { clip, type Interval } from './intervals.ts'
import { datesOf, momentAt, weekdayOf } from './service-calendar.ts'

const DAY_MS = 86_400_000

export type KeptMaintenance = { timing: MaintenanceTiming; endedAt: number | null }

/** Its windows that touch `window`, whole but for an early end. By the clock of `timeZone`. */
export function windowsOf({ timing, endedAt }: KeptMaintenance, window: Interval, timeZone: string): Interval[] {
  const until = endedAt ?? Number.MAX_SAFE_INTEGER
  const whole = timing.kind === 'once' ? [{ from: timing.from, to: timing.to }] : weekly(timing, window, timeZone)
  return clip(whole, { from: 0, to: until }).filter(one => one.from < window.to && one.to > window.from)
}

function weekly(
  timing: Extract<MaintenanceTiming, { kind: 'weekly' }>,
  window: Interval,
  timeZone: string,
): Interval[] {
  const lastsMs = timing.lastsMinutes * 60_000
  // A window of the day before may reach into this one.
  const around = { from: window.from - lastsMs - DAY_MS, to: window.to + DAY_MS }
  const windows: Interval[] = []
  for (const day of datesOf(around, timeZone)) {
    const isDue =
      timing.days.includes(weekdayOf(day)) &&
      day >= timing.firstDay &&
      (timing.lastDay === null || day <= timing.lastDay)
    if (!isDue) continue
    const from = momentAt(day, timing.from, timeZone)
    windows.push({ from, to: from + lastsMs })
  }
  return windows
}

/** From the first moment to the last, if there is one: what the records keep to find it by. */
export function spanOf(timing: MaintenanceTiming, timeZone: string): { from: number; until: number | null } {
  if (timing.kind === 'once') return { from: timing.from, until: timing.to }
  const { firstDay, lastDay } = timing
  const first = firstDue(timing)
  const from = momentAt(first ?? firstDay, timing.from, timeZone)
  return {
    from,
    until: lastDay === null ? null : momentAt(lastDay, timing.from, timeZone) + timing.lastsMinutes * 60_000,
  }
}

function firstDue({ days, firstDay }: Extract<MaintenanceTiming, { kind: 'weekly' }>): string | undefined {
  const first = Temporal.PlainDate.from(firstDay)
  return Array.from({ length: 7 }, (_, index) => first.add({ days: index }).toString()).find(day =>
    days.includes(weekdayOf(day)),
  )
}

/** The window that holds at a moment, else the next within a year, else the last one before. */
export function windowAround(kept: KeptMaintenance, at: number, timeZone: string): Interval | null {
  const now = windowsOf(kept, { from: at, to: at + 1 }, timeZone)[0]
  if (now !== undefined) return now
  const reach = 8 * DAY_MS
  if (kept.timing.kind === 'once') {
    return windowsOf(kept, { from: kept.timing.from, to: kept.timing.to }, timeZone)[0] ?? null
  }
  const start = momentAt(kept.timing.firstDay, kept.timing.from, timeZone)
  const next = windowsOf(kept, { from: Math.max(at, start), to: Math.max(at, start) + reach }, timeZone)[0]
  const end = kept.endedAt ?? at
  return next ?? windowsOf(kept, { from: end - reach, to: end }, timeZone).at(-1) ?? null
}
