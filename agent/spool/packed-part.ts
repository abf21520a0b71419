import { gzipSync } from 'node:zlib'
import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import { BATCH_LIMITS } from '../../protocol/wire.ts'
import type { PackedPart, Reading } from '../sources/source.ts'
import { wireSeries } from './wire-series.ts'

export type Packer = {
  add(reading: Reading): void
  /** How many batches are full and wait. */
  full(): number
  /** All that was added since, the last part also when it is not full. */
  take(): PackedPart[]
  /** Figures that nobody took in time and that were thrown away. */
  lost(): number
}

/** Half of the time of the usual level, for a fifth more bytes. */
const QUICK = { level: 3 } as const
/** A part is closed from here on: with the longest discovery behind it, a body stays below what a batch may have. */
const PART_LETTERS = 1024 * 1024
/** What nobody takes is not kept without end: a million figures, in some ten megabytes. */
const MOST_PARTS = 200

/**
 * Turns figures into bodies of batches as they come, where they come from: a figure of a device is 170 letters of text and
 * 6 bytes of a part, and whoever passes a part on never sees a figure.
 */
export function createPacker(deps: { nowMs: () => number }): Packer {
  const parts: { packed: PackedPart; figures: number }[] = []
  let series: string[] = []
  let figures = 0
  let discoveries: string[] = []
  let events: string[] = []
  let letters = 0
  let lost = 0

  const close = (): void => {
    const list = (name: string, items: readonly string[]): string => `"${name}":[${items.join()}]`
    const text = [
      list('series', series),
      ...(discoveries.length > 0 ? [list('discoveries', discoveries)] : []),
      ...(events.length > 0 ? [list('events', events)] : []),
    ].join()
    parts.push({ packed: new Uint8Array(gzipSync(`,${text}}`, QUICK)), figures })
    series = []
    discoveries = []
    events = []
    letters = 0
    figures = 0
    if (parts.length > MOST_PARTS) lost += parts.shift()?.figures ?? 0
  }
  const put = (list: string[], text: string): void => {
    list.push(text)
    letters += text.length
    if (letters >= PART_LETTERS) close()
  }

  return {
    add({ gauges, deltas = [], discoveries: found = [], events: told = [] }) {
      const all = wireSeries(deps.nowMs(), gauges, deltas)
      for (let at = 0; at < all.length; ) {
        const some = all.slice(at, at + BATCH_LIMITS.series - figures)
        at += some.length
        figures += some.length
        put(series, JSON.stringify(some).slice(1, -1))
        if (figures >= BATCH_LIMITS.series) close()
      }
      for (const one of found) {
        put(discoveries, JSON.stringify(one))
        if (discoveries.length >= SNMP_LIMITS.discoveries) close()
      }
      for (const one of told) {
        put(events, JSON.stringify(one))
        if (events.length >= SNMP_LIMITS.events) close()
      }
    },
    full: () => parts.length,
    take() {
      if (letters > 0) close()
      return parts.splice(0).map(({ packed }) => packed)
    },
    lost: () => lost,
  }
}

/** Not worth a search for repetitions, and so without the memory for one. */
const STORED = { level: 0, memLevel: 1, windowBits: 9 } as const

/** A whole body: gzip may stand in several pieces behind each other (RFC 1952, 2.2). `head` is an object without its end. */
export const bodyOfPart = (head: string, part: PackedPart): Buffer => Buffer.concat([gzipSync(head, STORED), part])

/** Whether a body is compressed already: no text of JSON begins like that. */
export const isPacked = (body: Uint8Array): boolean => body[0] === 0x1f && body[1] === 0x8b
