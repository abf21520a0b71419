// Calls about programs that deliver by line protocol: theirs, which are those of InfluxDB 1.x, and those of people.
import { z } from 'zod'
import { writerView } from './agent-views.ts'
import type { Call } from './call.ts'
import { LINE_PRECISIONS } from './vocabulary.ts'

const nothing = z.strictObject({})
/** How clients of InfluxDB 1.x say who they are and what their numbers mean; what Pantau has no use for is let pass. */
const influxQuery = {
  db: z.string().max(200).optional(),
  u: z.string().max(200).optional(),
  p: z.string().max(200).optional(),
}
const writeQuery = z.looseObject({
  ...influxQuery,
  rp: z.string().max(200).optional(),
  consistency: z.string().max(20).optional(),
  /** Unit of the times in the lines. */
  precision: z.enum(LINE_PRECISIONS).default('n'),
})
const influxCommand = z.looseObject({ ...influxQuery, q: z.string().max(2000) })
const influxResults = z.strictObject({ results: z.array(z.strictObject({ statement_id: z.int() })) })

export const WRITER_CALLS = {
  write: {
    summary: 'Take lines of the Influx line protocol (plain or gzip); answers 204, or 400 with the lines it refused',
    access: 'writer',
    query: writeQuery,
    response: nothing,
  },
  writePing: { summary: 'Answers 204, as clients of InfluxDB expect', access: 'open', response: nothing },
  writeQuery: {
    summary: 'Answers CREATE DATABASE kindly, as clients of InfluxDB ask for it; nothing is created',
    access: 'writer',
    query: influxCommand,
    response: influxResults,
  },
  writeCommand: {
    summary: 'The same by POST, with the statement in the query or in a form',
    access: 'writer',
    query: influxCommand.partial({ q: true }),
    response: influxResults,
  },

  writers: {
    summary: 'Writers: programs that deliver by line protocol (never their keys)',
    access: 'agents:write',
    response: z.strictObject({ writers: z.array(writerView) }),
  },
  createWriter: {
    summary: 'Let a program write by line protocol; its key is shown this once',
    access: 'agents:write',
    body: z.strictObject({
      name: z.string().min(1).max(100),
      /** How often each of its hosts speaks: three of these without a word and the host is `unknown`. */
      intervalMs: z.int().min(1_000).max(3_600_000).default(60_000),
      /** How many hosts it may bring onto the wall. */
      maxHosts: z.int().min(1).max(10_000).default(500),
    }),
    response: z.strictObject({ writer: writerView, key: z.string() }),
  },
  revokeWriter: {
    summary: 'Revoke the key of a writer; its hosts stay with what they delivered and become `unknown`',
    access: 'agents:write',
    body: nothing,
    response: writerView,
  },
} as const satisfies Record<string, Call>
