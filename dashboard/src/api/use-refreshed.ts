import { useEffect } from 'preact/hooks'
import { type Resource, useResource } from './use-resource.ts'

const EVERY_MS = 5_000

/** Loads again every few seconds while the screen stands: states change by themselves. */
export function useRefreshed<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs = EVERY_MS,
): Resource<T> {
  const resource = useResource(key, load)
  const { reload } = resource
  useEffect(() => {
    const timer = setInterval(reload, everyMs)
    return () => clearInterval(timer)
  }, [reload, everyMs])
  return resource
}
