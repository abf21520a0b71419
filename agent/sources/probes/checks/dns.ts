import { Resolver } from 'node:dns/promises'
import { isIPv6 } from 'node:net'
import { PROBE_METRICS } from '../../../../protocol/probe-words.ts'
import type { ProbeCheck } from '../../../../protocol/probes.ts'
import { failureWord } from './failure-word.ts'
import type { Found } from './found.ts'

type Dns = Extract<ProbeCheck, { kind: 'dns' }>

/** Longer than any probe waits: the probe's own deadline ends it. */
const ONE_TRY = { timeout: 30_000, tries: 1 }

/** Asks one server one question over UDP (TCP when the answer is cut off), without any cache between. */
export async function checkDns(check: Dns, signal: AbortSignal, now: () => number): Promise<Found> {
  const startedMs = now()
  const resolver = new Resolver(ONE_TRY)
  const { server } = check
  const late = (): void => resolver.cancel()
  signal.addEventListener('abort', late, { once: true })
  try {
    if (server !== null) resolver.setServers([isIPv6(server) ? `[${server}]` : server])
    const answers = await ask(resolver, check)
    const given = new Set(answers.map(plain))
    return {
      failure: check.expected.every(one => given.has(plain(one))) ? null : 'answer-unexpected',
      figures: [
        { metric: PROBE_METRICS.durationSeconds, value: (now() - startedMs) / 1_000 },
        { metric: PROBE_METRICS.dnsAnswers, value: answers.length },
      ],
    }
  } catch (error) {
    return { failure: signal.aborted ? 'no-answer' : failureWord(error), figures: [] }
  } finally {
    signal.removeEventListener('abort', late)
  }
}

/** Answers as a person would write them: an address, a name, "10 mail.example.id", a text. */
async function ask(resolver: Resolver, { name, type }: Dns): Promise<string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(name)
    case 'AAAA':
      return resolver.resolve6(name)
    case 'CNAME':
      return resolver.resolveCname(name)
    case 'NS':
      return resolver.resolveNs(name)
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`)
    case 'TXT':
      return (await resolver.resolveTxt(name)).map(parts => parts.join(''))
    case 'SOA': {
      const { nsname, hostmaster, serial } = await resolver.resolveSoa(name)
      return [`${nsname} ${hostmaster} ${serial}`]
    }
  }
}

/** Names are the same in capitals and with a dot at the end. */
const plain = (answer: string): string => answer.toLowerCase().replace(/\.$/, '')
