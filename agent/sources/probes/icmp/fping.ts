import { spawn } from 'node:child_process'
import { onlyAddresses, type Pinger, type SweepAnswers, type SweepSettings } from './pinger.ts'

export const FPING_PATHS = ['/usr/bin/fping', '/usr/sbin/fping', '/bin/fping', '/usr/local/sbin/fping'] as const

/**
 * As good as none: where fping sleeps between two packets, each costs it three times as much. Of one sweep (probe-engine.ts)
 * all answers fit into the socket at once, so that none is lost when fping gets no turn for a while.
 */
const SPACING_MS = 0.01
const LONGEST_OUTPUT_BYTES = 4 * 1024 * 1024

/** Sweeps by Debian's fping, a process a sweep. To be used from a small process only: starting one stalls a large one. */
export function createFping(program: string): Pinger {
  return {
    description: 'fping',
    mostAddresses: Number.POSITIVE_INFINITY,
    spacingMs: SPACING_MS,
    async sweep(addresses, settings, signal) {
      const asked = onlyAddresses(addresses)
      const { code, output } = await run(program, asked, settings, signal)
      const answers = parseFping(output, asked, settings.packets)
      // 0 and 1: all or some answered; 2 would be a name that is not found. Anything else is fping's own trouble.
      if (answers.size === 0 || code === null || code > 2)
        throw new Error(`fping ended with ${code ?? 'a signal'}: ${firstComplaint(output)}`)
      return answers
    },
  }
}

function run(
  program: string,
  addresses: readonly string[],
  { packets, packetGapMs, timeoutMs }: SweepSettings,
  signal: AbortSignal,
): Promise<{ code: number | null; output: string }> {
  // One packet to each address takes `addresses` x spacing; fping would stretch the gap by itself.
  const roundMs = Math.max(packetGapMs, addresses.length * SPACING_MS)
  const withinMs = roundMs * packets + timeoutMs + 5_000
  const args = [
    ...['-C', String(packets), '-q', '-r', '0', '-i', String(SPACING_MS)],
    ...['-p', String(packetGapMs), '-t', String(timeoutMs), '-f', '-'],
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...{ signal, timeout: withinMs, killSignal: 'SIGKILL', stdio: ['pipe', 'ignore', 'pipe'] },
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    })
    const parts: Buffer[] = []
    let bytes = 0
    // With -q all that fping says comes here.
    child.stderr.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes <= LONGEST_OUTPUT_BYTES) parts.push(part)
      else child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.stdin.on('error', () => {})
    child.stdin.end(`${addresses.join('\n')}\n`)
    child.on('close', code => resolve({ code, output: Buffer.concat(parts).toString('latin1') }))
  })
}

const LINE = /^([0-9a-fA-F.:]+) +: ((?:-|\d{1,7}(?:\.\d{1,4})?)(?: (?:-|\d{1,7}(?:\.\d{1,4})?))*)$/
const NO_ROUTE =
  /^([0-9a-fA-F.:]+): error while sending ping: |^ICMP .*[Uu]nreachable .* for ICMP Echo sent to ([0-9a-fA-F.:]+)/

/** Lines "192.0.2.1 : 0.31 - 0.29" with exactly so many figures, of addresses that were asked; nothing else counts. */
export function parseFping(output: string, asked: readonly string[], packets: number): SweepAnswers {
  const answers: SweepAnswers = new Map()
  const known = new Set(asked)
  const noRoute = new Set<string>()
  for (const line of output.split('\n')) {
    const told = LINE.exec(line)
    const figures = told?.[2]?.split(' ')
    const address = told?.[1]
    if (address !== undefined && figures?.length === packets && known.has(address)) {
      answers.set(address, { packets: figures.map(one => (one === '-' ? null : Number(one))), noRoute: false })
    } else {
      const refused = NO_ROUTE.exec(line)
      const to = refused?.[1] ?? refused?.[2]
      if (to !== undefined) noRoute.add(to)
    }
  }
  for (const address of noRoute) {
    const answer = answers.get(address)
    if (answer !== undefined) answer.noRoute = true
  }
  return answers
}

const firstComplaint = (output: string): string => output.split('\n', 1)[0]?.slice(0, 200) || 'nothing was said'
