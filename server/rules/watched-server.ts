// A server that somebody speaks for, and how long it may be silent before a rule on silence is asked.
import { type Hearing, hearingOf, type Server } from '../inventory/roster.ts'
import type { Rule } from './pack.ts'
import { limitsOf } from './verdict.ts'

export type Watched = Server & { hearing: Hearing }

/** How many of its intervals a server may be silent before the strictest rule on silence looks at it; at most one. */
export function quietIntervalsOf(rules: readonly Rule[]): number {
  const strictest = rules.flatMap(rule => {
    const limits = rule.measure === 'heartbeat' ? limitsOf(rule) : 'another measure'
    return typeof limits === 'string' ? [] : [(limits.atRisk ?? limits.unmet) - limits.clearMargin]
  })
  return Math.max(0, Math.min(1, ...strictest))
}

export function watchedOf(server: Server | undefined): Watched | null {
  const hearing = server === undefined ? null : hearingOf(server)
  return server === undefined || hearing === null ? null : { ...server, hearing }
}
