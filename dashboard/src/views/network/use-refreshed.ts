import { useEffect, useRef } from 'preact/hooks'
import { useRefreshed as useReloaded } from '../../api/use-refreshed.ts'
import type { Resource } from '../../api/use-resource.ts'
import { networkChange } from '../../live/live-state.ts'

/** For what the live line does not tell, such as figures, and for when it is gone. */
const EVERY_MS = 30_000

/** Loads again as soon as the live line tells that the network changed, and from time to time. */
export function useRefreshed<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs = EVERY_MS,
): Resource<T> {
  const resource = useReloaded(key, load, everyMs)
  const { reload } = resource
  const change = networkChange.value
  const seen = useRef(change)
  useEffect(() => {
    if (seen.current === change) return
    seen.current = change
    reload()
  }, [reload, change])
  return resource
}
