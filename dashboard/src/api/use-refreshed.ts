import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { line } from '../live/live-state.ts'
import { type Resource, useResource } from './use-resource.ts'

/** What only time turns, such as a copy that gets too old, has no word of its own on the live line. */
const EVERY_MS = 300_000

/** Loads again when the live line tells of a `change`. While nothing is told nothing is asked, but for a slow round. */
export function useRefreshed<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  change: ReadonlySignal<unknown>,
  everyMs = EVERY_MS,
): Resource<T> {
  const resource = useResource(key, load)
  const { reload } = resource
  useReloads(resource, change.value)
  useEffect(() => {
    const timer = setInterval(reload, everyMs)
    return () => clearInterval(timer)
  }, [reload, everyMs])
  return resource
}

/**
 * Reloads when `change` is another one than at the last load, and when a lost line is whole again, for what was told
 * meanwhile was missed. Never while a load runs: changes that come faster than answers would let none arrive.
 */
export function useReloads({ loading, reload }: Pick<Resource<unknown>, 'loading' | 'reload'>, change: unknown): void {
  const { state } = line.value
  const seen = useRef({ change, wasLost: false })
  useEffect(() => {
    if (state === 'lost') seen.current.wasLost = true
    const isHealed = state === 'live' && seen.current.wasLost
    if (loading || (!isHealed && seen.current.change === change)) return
    seen.current = { change, wasLost: state === 'lost' }
    reload()
  }, [loading, reload, change, state])
}
