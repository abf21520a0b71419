// Days of the calendar. Duties count in days, months and years of the city's time zone, not in hours: "2026-11-22". Pure.

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** The day that it is in a time zone at an instant. */
export function civilDateOf(at: number, timeZone: string): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(timeZone, format)
  }
  return format.format(at)
}

/** A city's duties speak of the same few days again and again. */
const KNOWN_AT_MOST = 20_000
const dayNumbers = new Map<string, number>()
const monthsOn = new Map<string, string>()
const daysBegin = new Map<string, number>()

function remembered<V>(known: Map<string, V>, key: string, work: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= KNOWN_AT_MOST) known.clear()
  const made = work()
  known.set(key, made)
  return made
}

/** Days since 1970-01-01: days can be subtracted. */
export function dayNumber(date: string): number {
  return remembered(dayNumbers, date, () => {
    const [year, month, day] = partsOf(date)
    return Date.UTC(year, month - 1, day) / DAY_MS
  })
}

export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Same day so many months on; the last of the month where it has no such day (31 January + 1 = 28 February). */
export function addMonths(date: string, months: number): string {
  return remembered(monthsOn, `${date}+${months}`, () => {
    const [year, month, day] = partsOf(date)
    const count = year * 12 + (month - 1) + months
    return dateOfDay(Math.min(dayNumber(firstOf(count)) + day - 1, dayNumber(firstOf(count + 1)) - 1))
  })
}

/** The last day of the block of `months` months (a month, a quarter, a year ...) that a day lies in, `blocks` further on. */
export function endOfPeriod(date: string, months: number, blocks = 0): string {
  const [year, month] = partsOf(date)
  // Longer than a year: counted from the year that the day lies in, for no text says which years begin a period.
  if (months > 12) {
    const years = Math.ceil(months / 12)
    return `${blocks === 0 ? year + years - 1 : year + years * blocks}-12-31`
  }
  const block = Math.floor((year * 12 + month - 1) / months) + blocks
  return dateOfDay(dayNumber(firstOf((block + 1) * months)) - 1)
}

/** The instant at which a day begins in a time zone. */
export function startOfDay(date: string, timeZone: string): number {
  return remembered(daysBegin, `${date} ${timeZone}`, () => {
    const midnight = dayNumber(date) * DAY_MS
    // No zone is further than 14 hours from UTC; steps of a quarter of an hour find the first instant of the day.
    for (let at = midnight - 14 * 3_600_000; at < midnight + 14 * 3_600_000; at += 900_000) {
      if (civilDateOf(at, timeZone) === date) return at
    }
    return midnight
  })
}

function partsOf(date: string): [year: number, month: number, day: number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))]
}

function firstOf(monthCount: number): string {
  const month = String((monthCount % 12) + 1).padStart(2, '0')
  return `${String(Math.floor(monthCount / 12)).padStart(4, '0')}-${month}-01`
}
