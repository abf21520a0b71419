// A kind of channel: its form fields, the check of their values, and how a message goes out by it.
import type { z } from 'zod'
import type { ProblemIssue } from '../../../protocol/problem.ts'
import type { ChannelKindView } from '../../../protocol/settings-views.ts'
import type { Bilingual } from '../../../protocol/vocabulary.ts'
import { readInput } from '../../platform/read-input.ts'
import type { Message } from '../message.ts'

export type ChannelField = ChannelKindView['fields'][number]

/** Values by field name as they travel and are kept: a list is one string joined by ", ". */
export type FieldValues = Record<string, string | number>

export type SendJob<S> = {
  settings: S
  message: Message
  /** Of the delivery or digest; the same each time it is sent, so that the receiver can tell what it has already. */
  deliveryId: string
  /** The recipients that did not take it yet, when others did; null: all of them. */
  remaining: string[] | null
  signal: AbortSignal
  /** Now, UTC ms. */
  at: number
}

/** `note`: what is worth knowing although it was sent, in plain words. */
export type Sent = { note: string | null }

export type ChannelKind = {
  kind: string
  title: Bilingual
  fields: ChannelField[]
  /** Fields of the place that the secrets are shown to: who changes one of them must give the secrets again. */
  secretsShownTo: string[]
  /** What is wrong with the values, each with the name of its field. */
  check(values: FieldValues): ProblemIssue[]
  /** Errors: ChannelError, whose reason has no secret in it. */
  send(job: Omit<SendJob<unknown>, 'settings'> & { values: FieldValues }): Promise<Sent>
}

/** `settings` takes the values of all fields, secrets included. */
export function defineChannel<S extends z.ZodType>(definition: {
  kind: string
  title: Bilingual
  fields: ChannelField[]
  secretsShownTo: string[]
  settings: S
  send: (job: SendJob<z.output<S>>) => Promise<Sent>
}): ChannelKind {
  const { kind, title, fields, secretsShownTo } = definition
  return {
    kind,
    title,
    fields,
    secretsShownTo,
    check(values) {
      const read = readInput(definition.settings, values)
      return 'issues' in read ? read.issues : []
    },
    async send({ values, ...job }) {
      const parsed = definition.settings.safeParse(values)
      if (!parsed.success) {
        const places = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
        throw new ChannelError({ outcome: 'retry', reason: `the settings are not valid: ${places.join('; ')}` })
      }
      return definition.send({ ...job, settings: parsed.data })
    },
  }
}

/** `refused`: trying again is no use. `retry`: it may go later. */
type Failure = {
  outcome: 'refused' | 'retry'
  /** In plain words, for the page: "connection refused at 127.0.0.1:2525". Never a secret. */
  reason: string
  /** How long the receiver asked us to wait. */
  retryAfterMs?: number | undefined
  /** The recipients that did not take it, when others did. */
  remaining?: string[] | undefined
}

export class ChannelError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.reason)
    this.name = 'ChannelError'
    this.failure = failure
  }
}
