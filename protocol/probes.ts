// What a collector lets an agent probe: the list `probes` of its assignments. What comes of it are series and facts of the
// subject; their names stand in probe-words.ts.
import { z } from 'zod'
import { DNS_TYPES, PROBE_DEFAULTS, PROBE_LIMITS } from './probe-words.ts'
import { recordId } from './shapes.ts'

const between = ([least, most]: readonly [number, number]) => z.int().min(least).max(most)
const port = z.int().min(1).max(65_535)
const address = z.union([z.ipv4(), z.ipv6()])
/** An address, or a name that is looked up at each check. A leading "-" would be taken for an option by some program. */
const host = z.union([
  address,
  z
    .string()
    .max(PROBE_LIMITS.host)
    .regex(
      /^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,62})(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*\.?$/,
      'must be an address or a name',
    ),
])
const text = z.string().min(1).max(PROBE_LIMITS.text)

/** What is asked, and what a good answer is. */
export const probeCheck = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('icmp'),
    address,
    packets: between(PROBE_LIMITS.packets).default(PROBE_DEFAULTS.packets),
    packetGapMs: between(PROBE_LIMITS.packetGapMs).default(PROBE_DEFAULTS.packetGapMs),
  }),
  z.strictObject({ kind: z.literal('tcp'), host, port }),
  z.strictObject({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }).max(PROBE_LIMITS.url),
    method: z.enum(['GET', 'HEAD']).default('GET'),
    /** Statuses that are good; empty: 200 to 399. */
    statuses: z.array(z.int().min(100).max(599)).max(PROBE_LIMITS.expected).default([]),
    /** Text that the body must hold, or must not. */
    keyword: z
      .strictObject({ text, is: z.enum(['present', 'absent']) })
      .nullable()
      .default(null),
    /** A place in a JSON body ("checks.0.state") and what must stand there, written as text. */
    jsonPath: z
      .strictObject({ path: text, equals: z.string().max(PROBE_LIMITS.text) })
      .nullable()
      .default(null),
    redirects: z.enum(['follow', 'stay']).default('follow'),
    certificate: z.enum(['verify', 'accept-any']).default('verify'),
  }),
  z.strictObject({
    kind: z.literal('dns'),
    name: z.string().min(1).max(PROBE_LIMITS.host),
    type: z.enum(DNS_TYPES).default('A'),
    /** Who is asked; null: whom the agent's machine asks. */
    server: address.nullable().default(null),
    /** All of these must be among the answers. */
    expected: z.array(text).max(PROBE_LIMITS.expected).default([]),
  }),
  z.strictObject({
    kind: z.literal('tls'),
    host,
    port: port.default(443),
    /** Name that the certificate must be for; null: `host`. */
    serverName: z.string().min(1).max(PROBE_LIMITS.host).nullable().default(null),
  }),
])
export type ProbeCheck = z.output<typeof probeCheck>

/** How often, and when an answer or a silence counts as the state. */
const timing = {
  everyMs: between(PROBE_LIMITS.everyMs).default(PROBE_DEFAULTS.everyMs),
  /** For one answer. */
  timeoutMs: between(PROBE_LIMITS.timeoutMs).default(PROBE_DEFAULTS.timeoutMs),
  figuresEveryMs: between(PROBE_LIMITS.figuresEveryMs).default(PROBE_DEFAULTS.figuresEveryMs),
  /** So many failures in a row are `down`; between the first and the last it is asked each `retryEveryMs`. */
  failures: between(PROBE_LIMITS.failures).default(PROBE_DEFAULTS.failures),
  retryEveryMs: between(PROBE_LIMITS.retryEveryMs).default(PROBE_DEFAULTS.retryEveryMs),
  /** So many successes in a row are `up` again. */
  successes: between(PROBE_LIMITS.successes).default(PROBE_DEFAULTS.successes),
}
const probeName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.:-]*$/)
  .max(PROBE_LIMITS.name)

/** One probe as an agent gets it. */
export const probeTarget = z.strictObject({
  id: recordId,
  /** The device or link that it speaks for. */
  subject: recordId,
  /** Value of the label `probe`: "icmp", "tcp:8291", "web"; one name once a subject. */
  name: probeName,
  ...timing,
  /** Subjects that are probed at once when this one begins to fail, so that the root of the trouble is found. */
  parents: z.array(recordId).max(PROBE_LIMITS.parents).default([]),
  check: probeCheck,
})
export type ProbeTarget = z.output<typeof probeTarget>

/** Timing and check, as they are kept. */
export const probeSettings = z.strictObject({ ...timing, check: probeCheck })

/** What a person writes down of it. */
export const probeBody = z.strictObject({
  subjectId: recordId,
  name: probeName,
  ...timing,
  /** Whether its answers are the state of the subject, or only figures of it. */
  decides: z.enum(['state', 'nothing']).default('state'),
  /** Who probes; empty: the agent beside the collector. Several decide by quorum. */
  agentIds: z.array(recordId).max(10).default([]),
  check: probeCheck,
})
export type ProbeBody = z.output<typeof probeBody>
