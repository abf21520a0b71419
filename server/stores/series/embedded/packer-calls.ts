// What the engine's thread and the thread that packs say to each other.
import type { Failure } from '../../durable/worker-link.ts'
import type { MadeSheet } from './make-sheets.ts'
import type { SheetJob } from './sheet-jobs.ts'

export type PackerRequest =
  | { kind: 'start'; task: number; job: SheetJob }
  /** `spare`: the memory of a sheet that nobody reads any more. */
  | { kind: 'next'; task: number; spare: ArrayBuffer | null }
  | { kind: 'drop'; task: number }

export type PackerAnswer =
  | { kind: 'sheet'; task: number; made: MadeSheet }
  | { kind: 'end'; task: number }
  | { kind: 'failure'; task: number; failure: Failure }
  | { kind: 'damage'; place: string; what: string }
