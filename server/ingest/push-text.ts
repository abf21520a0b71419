// What a router pushes: a line for each figure ("uptime=12345"), because a shell and RouterOS can make nothing else well.
import type { ProblemIssue } from '../../protocol/problem.ts'

export const PUSH_LIMITS = { bodyBytes: 64 * 1024, interfaces: 256 } as const

/** Raw counters of one interface since it came up. */
export type PushedInterface = {
  device: string
  /** The system's own number of it: another one under the same name has counters of its own. */
  index: string | null
  counters: Map<string, bigint>
}

export type PushReport = {
  uptimeMs: number
  /** Used share, where the router tells it ready-made. */
  cpuUsedRatio: number | null
  /** Raw hundredths of seconds by mode, as in /proc/stat. */
  cpuTicks: Map<string, bigint>
  memoryTotalBytes: number | null
  memoryAvailableBytes: number | null
  interfaces: PushedInterface[]
}

export type ParsedPush = { kind: 'report'; report: PushReport } | { kind: 'issues'; issues: ProblemIssue[] }

const COUNTERS: readonly string[] = ['rx_bytes', 'tx_bytes', 'rx_packets', 'tx_packets', 'rx_errors', 'tx_errors']
const CPU_MODES: readonly string[] = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal']
const MOST_ISSUES = 20

/** Strict: an unknown figure or a value that is none is refused with the number of its line. */
export function parsePush(text: string): ParsedPush {
  const issues: ProblemIssue[] = []
  const interfaces = new Map<string, PushedInterface>()
  const report: PushReport = {
    ...{ uptimeMs: Number.NaN, cpuUsedRatio: null, cpuTicks: new Map() },
    ...{ memoryTotalBytes: null, memoryAvailableBytes: null, interfaces: [] },
  }

  function take(name: string, value: string): string | null {
    const number = numberOf(value)
    switch (name) {
      case 'uptime':
        report.uptimeMs = uptimeMsOf(value) ?? Number.NaN
        return Number.isNaN(report.uptimeMs) ? 'must be seconds, or a time such as 1w2d03:04:05' : null
      case 'cpu_percent':
        report.cpuUsedRatio = number === null ? null : number / 100
        return number === null || number > 100 ? 'must lie between 0 and 100' : null
      case 'memory_total':
        report.memoryTotalBytes = number
        return number === null ? 'must be a number of bytes' : null
      case 'memory_available':
        report.memoryAvailableBytes = number
        return number === null ? 'must be a number of bytes' : null
    }
    const [kind, ...middle] = name.split(':')
    const what = middle.pop() ?? ''
    const counter = /^\d{1,20}$/.test(value) ? BigInt(value) : null
    if (kind === 'cpu' && middle.length === 0 && CPU_MODES.includes(what)) {
      if (counter === null) return 'must be a whole number'
      report.cpuTicks.set(what, counter)
      return null
    }
    if (kind !== 'if' || middle.length === 0) return 'is no figure that a router sends'
    const device = middle.join(':')
    if (!/^[\x20-\x7e]{1,64}$/.test(device)) return 'the name of an interface has 1 to 64 plain characters'
    const known = interfaces.get(device) ?? { device, index: null, counters: new Map<string, bigint>() }
    interfaces.set(device, known)
    if (interfaces.size > PUSH_LIMITS.interfaces) return `more than ${PUSH_LIMITS.interfaces} interfaces`
    if (what === 'index') {
      known.index = value.slice(0, 40)
      return null
    }
    if (!COUNTERS.includes(what)) return 'is no counter of an interface'
    if (counter === null) return 'must be a whole number'
    known.counters.set(what, counter)
    return null
  }

  for (const [index, line] of text.split('\n').entries()) {
    const written = line.trim()
    if (written === '' || issues.length >= MOST_ISSUES) continue
    const at = written.lastIndexOf('=')
    const problem = at < 1 ? 'must be NAME=VALUE' : take(written.slice(0, at), written.slice(at + 1))
    if (problem !== null) issues.push({ path: `line ${index + 1}`, message: problem })
  }
  if (Number.isNaN(report.uptimeMs) && issues.length === 0) issues.push({ path: 'uptime', message: 'is missing' })
  if (issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'report', report: { ...report, interfaces: [...interfaces.values()] } }
}

function numberOf(text: string): number | null {
  return /^\d{1,20}(\.\d{1,9})?$/.test(text) ? Number(text) : null
}

/** Seconds as /proc/uptime has them, or RouterOS: "1w2d03:04:05", "2d3h4m5s", "00:05:10". */
function uptimeMsOf(text: string): number | null {
  const seconds = numberOf(text)
  if (seconds !== null) return Math.round(seconds * 1000)
  const words = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+):(\d\d):(\d\d))?$/.exec(text)
  if (words === null || text === '') return null
  const [w = 0, d = 0, h = 0, m = 0, s = 0, hh = 0, mm = 0, ss = 0] = words.slice(1).map(part => Number(part ?? 0))
  return (((w * 7 + d) * 24 + h + hh) * 3600 + (m + mm) * 60 + s + ss) * 1000
}
