// The closed lists, names and numbers of probes that an agent and the pages need at run time. Without zod.

export const PROBE_KINDS = ['icmp', 'tcp', 'http', 'dns', 'tls'] as const
export type ProbeKind = (typeof PROBE_KINDS)[number]

export const DNS_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SOA', 'TXT'] as const
export type DnsType = (typeof DNS_TYPES)[number]

/** Why a check failed, as far as it can be told; the newest is the fact `probe.NAME.failure`, "" while there is none. */
export const PROBE_FAILURES = [
  'no-answer',
  'refused',
  'no-route',
  'name-unknown',
  'status-unexpected',
  'content-unexpected',
  'answer-unexpected',
  'certificate-expired',
  'certificate-untrusted',
  'certificate-wrong-name',
  'protocol-error',
] as const
export type ProbeFailure = (typeof PROBE_FAILURES)[number]

/**
 * What a probe delivers: gauges with the probe's `subject` and the label `probe` (its name).
 *
 * `up` is what its state was decided on: 1 at the moment of an answer, 0 at the moment of the first question that nobody
 * answered, told when the retries have confirmed it. It is told at once when it changes, and again with each tick of the
 * agent, stamped with the moment of that tick; while a change is in doubt, and while the agent's self-check fails,
 * nothing is told of it. `selfOk` is about the agent itself and has no subject and no label.
 *
 * The figures of ICMP are of all packets since they were told last. Names as blackbox_exporter has them where it has them.
 */
export const PROBE_METRICS = {
  up: 'probe_up',
  selfOk: 'probe_self_ok',
  durationSeconds: 'probe_duration_seconds',
  icmpSent: 'probe_icmp_sent',
  icmpReceived: 'probe_icmp_received',
  icmpLossRatio: 'probe_icmp_loss_ratio',
  icmpJitterSeconds: 'probe_icmp_jitter_seconds',
  /** With the label `stat`, one of RTT_STATS. */
  icmpRttSeconds: 'probe_icmp_rtt_seconds',
  httpStatusCode: 'probe_http_status_code',
  /** With the label `phase`, one of HTTP_PHASES. */
  httpDurationSeconds: 'probe_http_duration_seconds',
  dnsAnswers: 'probe_dns_answers',
  /** Unix seconds at which the first certificate of the chain ends. */
  tlsExpiry: 'probe_ssl_earliest_cert_expiry',
  tlsChainOk: 'probe_ssl_chain_ok',
} as const

/** From the fastest packet to the slowest: the bands of a smoke graph. */
export const RTT_STATS = ['min', 'p10', 'p25', 'p50', 'p75', 'p90', 'max', 'mean'] as const
export type RttStat = (typeof RTT_STATS)[number]
export const HTTP_PHASES = ['resolve', 'connect', 'tls', 'processing', 'transfer'] as const
export type HttpPhase = (typeof HTTP_PHASES)[number]

export const PROBE_LIMITS = {
  targets: 5_000,
  parents: 20,
  everyMs: [1_000, 3_600_000],
  timeoutMs: [100, 30_000],
  figuresEveryMs: [5_000, 3_600_000],
  packets: [1, 20],
  packetGapMs: [10, 5_000],
  failures: [1, 10],
  successes: [1, 10],
  retryEveryMs: [100, 10_000],
  name: 60,
  host: 253,
  url: 2_000,
  text: 500,
  expected: 20,
} as const

/**
 * A router is pinged every 3 s; after the first silence three more questions follow half a second apart, so that it is
 * down within about 5 s of its last answer. It is up again after two answers in a row.
 */
export const PROBE_DEFAULTS = {
  everyMs: 3_000,
  timeoutMs: 500,
  figuresEveryMs: 30_000,
  packets: 1,
  packetGapMs: 400,
  failures: 4,
  successes: 2,
  retryEveryMs: 500,
} as const
