// A week whose windows were flushed in several parts: what is in it, and in how many parts it lies.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBlockFile } from '../../../server/stores/series/embedded/block-file.ts'
import type { Sample, SeriesEntry } from '../../../server/stores/series/series-store.ts'
import { entry, HOUR_MS, seriesKey, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

/** The week before the last one. */
export const MONDAY = Date.UTC(2026, 10, 2)
const WINDOWS = 84
const PARTS = 3
const { subjectId, metric } = seriesKey()
export const WEEK = { subjectId, metric, from: MONDAY, to: MONDAY + 7 * 24 * HOUR_MS }
/** Late enough for the week to be put together. */
export const LATER = WEDNESDAY + 2 * HOUR_MS

const device = (number: number) => ({ labels: { device: `d${number}` } })

function entriesOf(part: number, series: number, windows: number): SeriesEntry[] {
  return Array.from({ length: series }, (_, number) =>
    entry(
      Array.from({ length: windows }, (_, window): [number, number] => [
        MONDAY + window * 2 * HOUR_MS + part * 60_000 + number,
        Math.sqrt(number + 1) * window - part,
      ]),
      device(number),
    ),
  )
}

/** Leaves a store behind whose windows have three parts each. */
export function writeParts(
  directory: string,
  { series, windows = WINDOWS }: { series: number; windows?: number },
): void {
  const engine = openTestEngine({ directory })
  for (let part = 0; part < PARTS; part++) {
    engine.appendAtOnce([entriesOf(part, series, windows)], WEDNESDAY)
    engine.settle(WEDNESDAY + part * 600_000)
  }
  engine.close()
}

/** By device, what `raw` must tell of the week. */
export function partsTruth({ series, windows = WINDOWS }: { series: number; windows?: number }) {
  const all = new Map<string, Sample[]>()
  for (let part = 0; part < PARTS; part++) {
    for (const { key, samples } of entriesOf(part, series, windows)) {
      const name = key.labels.device ?? ''
      all.set(name, [...(all.get(name) ?? []), ...samples])
    }
  }
  for (const samples of all.values()) samples.sort(([a], [b]) => a - b)
  return all
}

/** The most parts that a window of the week has on disk, how many sheets it has, and whether a file is being made beside it. */
export function lookAtParts(directory: string): { parts: number; sheets: number; isBeside: boolean } {
  const [name = ''] = readdirSync(directory).filter(file => /^series-2026-W45\.blocks$/.test(file))
  const file = openBlockFile(join(directory, name.replace('.blocks', '')), {
    damage: { note: () => {}, list: () => [] },
    onSynced: () => {},
  })
  const spans = file.spans().map(span => file.sheets(span))
  file.close()
  return {
    parts: Math.max(...spans.map(sheets => new Set(sheets.map(({ cut }) => cut)).size)),
    sheets: spans.flat().length,
    isBeside: existsSync(join(directory, 'series-2026-W45.anew.blocks')),
  }
}
