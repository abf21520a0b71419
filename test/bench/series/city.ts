// The data of a city, the same in every run: what each series says at each minute is worked out, never stored.
//
// 90,000 series: 500 routers that answer or not (0 or 1, down for a while now and then), 200 link counters of the backbone (a day
// and a week in their load), 29,300 interface counters and states of routers, 60,000 figures of 1,000 servers (counters, gauges
// with two decimals, states that rarely change). One sample a minute; each device has a second of its own and is up to 15 ms off.
// 2 % of the samples come late, by some minutes, 1 % come twice.
import type { SeriesKey } from '../../../server/stores/series/series-store.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000
export const ROUTERS = 500
export const LINKS = 200
export const DEEP = ROUTERS + LINKS
export const SERIES = 90_000
const SERVERS_FROM = 30_000

/** 32 well-mixed bits of two numbers. */
export function mixed(a: number, b: number): number {
  let bits = Math.imul(a + 0x9e37, 0x85ebca6b) ^ Math.imul(b + 0x79b9, 0xc2b2ae35)
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d)
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39)
  return (bits ^ (bits >>> 15)) >>> 0
}

/** Links and routers take turns, so that any number of series from the first on has both. */
const linkOf = (series: number) => (series < 2 * LINKS && series % 2 === 0 ? series / 2 : -1)

export type City = {
  keys: readonly SeriesKey[]
  atOf(series: number, minute: number): number
  valueOf(series: number, minute: number): number
}

/** `firstMinute`: where counters begin to count. */
export function createCity(firstMinute: number): City {
  const keys = Array.from({ length: SERIES }, (_, series): SeriesKey => {
    const agentId = 'collector'
    const link = linkOf(series)
    if (link >= 0) {
      const direction = link < LINKS / 2 ? 'in' : 'out'
      return { subjectId: `link-${link % (LINKS / 2)}`, metric: 'if_octets_total', labels: { direction }, agentId }
    }
    if (series < DEEP) return { subjectId: `router-${series}`, metric: 'up', labels: {}, agentId }
    if (series < SERVERS_FROM) {
      const number = series - DEEP
      const labels = { interface: `ge-0/0/${Math.floor(number / 6) % 10}` }
      return { subjectId: `router-${Math.floor(number / 60)}`, metric: `if_figure_${number % 6}`, labels, agentId }
    }
    const number = series - SERVERS_FROM
    const server = Math.floor(number / 60)
    return { subjectId: `server-${server}`, metric: `figure_${number % 60}`, labels: {}, agentId: `agent-${server}` }
  })
  const offsets = keys.map(({ subjectId }) => mixed(subjectId.length * 7919, hashOf(subjectId)) % 60_000)

  function counter(series: number, minute: number): number {
    const rate = 1000 + (mixed(series, 3) % 1_000_000)
    return (minute - firstMinute) * rate + (mixed(series, minute) % rate)
  }

  return {
    keys,
    atOf: (series, minute) =>
      minute * MINUTE_MS +
      (offsets[series] ?? 0) -
      ((offsets[series] ?? 0) % 1000) +
      (mixed(series + 500_000, minute) & 15),
    valueOf(series, minute) {
      if (linkOf(series) >= 0) {
        const rate = 1e8 * (1 + (series % 10))
        const since = minute - firstMinute
        const swing = 229.183 * (1 - Math.cos(since * 0.004363323)) * 0.5
        return Math.floor(rate * (since + 120 + swing)) + (mixed(series, minute) % 1000) * Math.floor(rate * 0.0003)
      }
      if (series < DEEP) return mixed(series, minute) % 1000 < 5 || mixed(series, minute >> 6) % 200 === 0 ? 0 : 1
      const kind = series < SERVERS_FROM ? ((series - DEEP) % 6 < 4 ? 0 : 50) : (series - SERVERS_FROM) % 60
      if (kind < 20) return counter(series, minute)
      if (kind >= 50) return mixed(series, minute >> 7) % 5
      return (
        Math.round(
          5000 + (series % 40) * 100 + 1500 * Math.sin(minute * 0.0043 + series) + (mixed(series, minute) % 400),
        ) / 100
      )
    },
  }
}

function hashOf(text: string): number {
  let hash = 0
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return hash
}

/** Samples as columns; the first `length` count. */
export type Batch = { series: Uint32Array; ats: Float64Array; values: Float64Array; length: number }

/** The samples of some series over some minutes in the order of their coming, late and repeated ones among them. */
export function createStream(
  city: City,
  { series, from, to, seed }: { series: number; from: number; to: number; seed: number },
) {
  const waiting: [series: number, minute: number][] = []
  let minute = from
  let next = 0
  let drawn = 0
  /** A sample is held back for about so many others, times thirty. */
  const held = Math.max(1, Math.min(1000, Math.floor(series / 10)))

  return function fill(size: number): Batch {
    const batch: Batch = {
      series: new Uint32Array(size),
      ats: new Float64Array(size),
      values: new Float64Array(size),
      length: 0,
    }
    const put = (one: number, at: number) => {
      batch.series[batch.length] = one
      batch.ats[batch.length] = city.atOf(one, at)
      batch.values[batch.length++] = city.valueOf(one, at)
    }
    while (batch.length < size) {
      if (minute >= to) {
        const left = waiting.pop()
        if (left === undefined) break
        put(...left)
        continue
      }
      const one: [number, number] = [next, minute]
      if (++next === series) {
        next = 0
        minute++
      }
      const draw = mixed(seed, drawn++) % 100
      if (draw > 2) put(...one)
      else {
        // 0 and 1: later instead of now; 2: now and once more later.
        if (draw === 2) put(...one)
        const place = mixed(seed + 1, drawn) % held
        const before = waiting[place]
        if (before === undefined) waiting.push(one)
        else {
          waiting[place] = one
          if (batch.length < size) put(...before)
          else waiting.push(before)
        }
      }
    }
    return batch
  }
}
