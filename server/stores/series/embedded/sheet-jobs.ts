// What becomes sheets, told so that any thread can do it: samples of a window in memory that is shared, or sheets on disk, whose
// content never changes.
import type { WindowSamples } from './head-window.ts'
import type { SheetHeader } from './sheet-format.ts'
import type { Level } from './windows.ts'

/** Sheets of one span in one file; `path` without its ending. */
export type SpanSheets = { path: string; span: number; sheets: readonly SheetHeader[] }

export type SheetJob =
  /** The samples of a window into blocks. */
  | { kind: 'window'; samples: WindowSamples }
  /** The samples of a window that lie in several parts, as one. */
  | { kind: 'parts'; parts: SpanSheets }
  /** Minutes of a day, from the windows of its samples. `ids` ascending. */
  | { kind: 'day'; day: number; ids: Uint32Array; windows: readonly SpanSheets[] }
  /** The coarser tiers of a week, from the minutes of its days. */
  | { kind: 'week'; week: number; ids: Uint32Array; days: readonly SpanSheets[] }

/** The tiers that a week's job makes, in one pass. */
export const WEEKLY: readonly Level[] = ['quarter', 'hour', 'day']
