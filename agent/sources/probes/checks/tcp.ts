import { connect } from 'node:net'
import { PROBE_METRICS, type ProbeFailure } from '../../../../protocol/probe-words.ts'
import type { ProbeCheck } from '../../../../protocol/probes.ts'
import { failureWord } from './failure-word.ts'
import type { Found } from './found.ts'

/** A connection is made and closed; nothing is sent. */
export function checkTcp(
  { host, port }: Extract<ProbeCheck, { kind: 'tcp' }>,
  signal: AbortSignal,
  now: () => number,
): Promise<Found> {
  const startedMs = now()
  return new Promise(resolve => {
    const socket = connect({ host, port, autoSelectFamily: true })
    const done = (failure: ProbeFailure | null): void => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      const took = { metric: PROBE_METRICS.durationSeconds, value: (now() - startedMs) / 1_000 }
      resolve({ failure, figures: failure === null ? [took] : [] })
    }
    const late = (): void => done('no-answer')
    signal.addEventListener('abort', late, { once: true })
    socket.once('connect', () => done(null))
    socket.on('error', error => done(failureWord(error)))
  })
}
