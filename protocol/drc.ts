// The recovery centres as the pages see them: where they stand, what answers there, how far behind they are, drills, plan.
import { z } from 'zod'
import { URGENCIES } from './backup-words.ts'
import type { Call } from './call.ts'
import { citationView } from './duty-views.ts'
import { bilingual, instant, recordId } from './shapes.ts'
import { SUBJECT_STATES, VERDICTS } from './vocabulary.ts'

const civilDate = z.iso.date()
const coordinates = z.strictObject({ latitude: z.number(), longitude: z.number() }).nullable()
/** By the register of placements, else by coordinates; `unknown` without both. */
const country = z.enum(['ID', 'abroad', 'unknown'])

export const drcCentreView = z.strictObject({
  ...{ id: recordId, name: z.string(), address: z.string(), coordinates, country },
  /** From the nearest data centre; null while coordinates are missing. */
  distanceKm: z.number().nullable(),
  reach: z.enum(['answers', 'silent', 'unknown', 'unwatched']),
  standsThere: z.array(
    z.strictObject({
      ...{ id: recordId, name: z.string(), kind: z.string() },
      /** Null where nothing watches it. */
      state: z.enum(SUBJECT_STATES).nullable(),
      /** Null for what is no server. */
      heartbeat: z.enum(['heard', 'silent', 'unknown', 'unwatched']).nullable(),
    }),
  ),
  /** Farthest behind first, what nobody knows of last. */
  keptThere: z.array(
    z.strictObject({
      what: z.enum(['dataset', 'stream']),
      ...{ id: recordId, name: z.string() },
      urgency: z.enum(URGENCIES).nullable(),
      found: z.enum(['copy', 'late', 'never', 'unknown']),
      lagMs: z.number().nullable(),
    }),
  ),
  /** Newest first. */
  drills: z.array(
    z.strictObject({
      ...{ recordId, title: z.string(), heldOn: civilDate, scenario: z.string() },
      outcome: z.enum(['succeeded', 'partly', 'failed']),
      recoveredInMinutes: z.number().nullable(),
      files: z.int(),
    }),
  ),
  plans: z.array(
    z.strictObject({
      ...{ recordId, title: z.string(), number: z.string().nullable() },
      ...{ issuedOn: civilDate.nullable(), validUntil: civilDate.nullable(), files: z.int() },
    }),
  ),
  /** What the regulations in force ask of it, worst first. */
  duties: z.array(
    z.strictObject({
      ruleId: z.string(),
      packId: z.string(),
      citation: citationView,
      title: bilingual,
      verdict: z.enum(VERDICTS),
      why: bilingual,
    }),
  ),
})
export type DrcCentreView = z.output<typeof drcCentreView>

export const drcBoardView = z.strictObject({
  at: instant,
  dataCentres: z.array(z.strictObject({ id: recordId, name: z.string(), coordinates, country })),
  centres: z.array(drcCentreView),
})
export type DrcBoardView = z.output<typeof drcBoardView>

export const DRC_CALLS = {
  drcBoard: {
    summary: 'Recovery centres: distance, what answers there, how far behind they are, drills and plans',
    access: 'read',
    response: drcBoardView,
  },
} as const satisfies Record<string, Call>
