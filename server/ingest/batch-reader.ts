// From the body of a delivery to what waits in the journal: columns of numbers, and what else it says.
import type { ProblemIssue } from '../../protocol/problem.ts'
import { type PackedBatch, packBatch, packNumbers } from './decode-batch.ts'
import { createFamiliarTexts } from './familiar-text.ts'
import { createNumberSlab } from './number-slab.ts'
import { parseBatch } from './parse-batch.ts'
import { createSeriesShapes, type SeriesShapes } from './series-shapes.ts'

export type ReadBatch = { kind: 'batch'; packed: PackedBatch } | { kind: 'issues'; issues: ProblemIssue[] }

export type BatchReader = {
  /** Strict: it follows the wire contract, or the places where it does not are named. `skewMs` as of `skewMsOf`. */
  read(agentId: string, body: Buffer, skewMs: number): ReadBatch
}

export function createBatchReader(shapes: SeriesShapes = createSeriesShapes()): BatchReader {
  const texts = createFamiliarTexts()
  const take = createNumberSlab()
  return {
    read(agentId, body, skewMs) {
      const familiar = texts.read(agentId, body)
      if (familiar !== null) return { kind: 'batch', packed: packNumbers(familiar, skewMs, take) }
      const parsed = parseBatch(body)
      if (parsed.kind === 'issues') return parsed
      const shape = shapes.of(agentId, parsed.batch.series)
      texts.learn(agentId, body, parsed.batch, shape)
      return { kind: 'batch', packed: packBatch(parsed.batch, shape, skewMs, take) }
    },
  }
}

/** Where the batch speaks for another device than the agent's own, each device once. */
export function subjectsOf({ shape, rest }: PackedBatch): { id: string; path: string }[] {
  const isOfSeriesOnly = rest.facts === undefined && rest.discoveries === undefined && rest.events === undefined
  if (isOfSeriesOnly && shape.others.length === 0) return []
  const found = new Map(shape.others.map(({ subject, place }) => [subject, `series.${place}.subject`]))
  for (const name of ['facts', 'discoveries', 'events'] as const) {
    for (const [index, { subject }] of (rest[name] ?? []).entries()) {
      if (subject !== undefined && !found.has(subject)) found.set(subject, `${name}.${index}.subject`)
    }
  }
  return [...found].map(([id, path]) => ({ id, path }))
}
