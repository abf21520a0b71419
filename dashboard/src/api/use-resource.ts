import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from './api-error.ts'

export type Resource<T> = {
  data: T | null
  error: ApiError | null
  loading: boolean
  reload: () => void
  set: (data: T) => void
}

/**
 * Loads when the screen opens and when `key` changes. While a reload runs (or fails) the old data stays, with the error
 * beside it; a new key starts empty.
 */
export function useResource<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: ApiError | null; loading: boolean }>({
    key,
    data: null,
    error: null,
    loading: true,
  })
  const [round, setRound] = useState(0)
  const loader = useRef(load)
  loader.current = load

  // biome insists on exhaustive lists: the loader lives in a ref so that only key and round start a load.
  useEffect(() => {
    const controller = new AbortController()
    setState(old => ({ key, data: old.key === key ? old.data : null, error: null, loading: round >= 0 }))
    loader.current(controller.signal).then(
      data => {
        if (!controller.signal.aborted) setState({ key, data, error: null, loading: false })
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return
        const error = cause instanceof ApiError ? cause : new ApiError('unreadable')
        setState(old => ({ ...old, error, loading: false }))
      },
    )
    return () => controller.abort()
  }, [key, round])

  const reload = useCallback(() => setRound(count => count + 1), [])
  const set = useCallback((data: T) => setState({ key, data, error: null, loading: false }), [key])
  const fresh = state.key === key
  return {
    data: fresh ? state.data : null,
    error: fresh ? state.error : null,
    loading: state.loading || !fresh,
    reload,
    set,
  }
}
