import { useRefreshed as useReloaded } from '../../api/use-refreshed.ts'
import type { Resource } from '../../api/use-resource.ts'
import { networkChange } from '../../live/live-state.ts'

/** For figures, which the live line does not tell. */
const EVERY_MS = 30_000

/** Loads again as soon as the live line tells that the network changed, and from time to time. */
export function useRefreshed<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs = EVERY_MS,
): Resource<T> {
  return useReloaded(key, load, networkChange, everyMs)
}
