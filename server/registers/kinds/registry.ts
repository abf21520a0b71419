// All registers of the house.
import { ProblemError } from '../../platform/problem-error.ts'
import type { RegisterKind } from './kind.ts'
import { PAPERS } from './papers.ts'
import { PERMITS } from './permits.ts'
import { SERVICES } from './services.ts'
import { THINGS } from './things.ts'

export const REGISTER_KINDS: readonly RegisterKind[] = [...PAPERS, ...PERMITS, ...THINGS, ...SERVICES]

const byName = new Map(REGISTER_KINDS.map(kind => [kind.kind, kind]))

export function registerKind(name: string): RegisterKind | undefined {
  return byName.get(name)
}

/** Errors: `bad-request` that lists the kinds there are. */
export function requireRegisterKind(name: string): RegisterKind {
  const kind = byName.get(name)
  if (kind !== undefined) return kind
  throw new ProblemError('bad-request', `kind: there is no register "${name}"; known: ${[...byName.keys()].join(', ')}`)
}
