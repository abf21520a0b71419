import { useState } from 'preact/hooks'
import { ApiError } from './api-error.ts'

export type Action<A extends unknown[]> = {
  run: (...args: A) => Promise<boolean>
  busy: boolean
  error: ApiError | null
  clear: () => void
}

/** One change by a person: busy while it runs, its error kept for the place where it belongs. True when it was done. */
export function useAction<A extends unknown[]>(change: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const run = async (...args: A) => {
    if (busy) return false
    setBusy(true)
    setError(null)
    try {
      await change(...args)
      return true
    } catch (cause) {
      setError(cause instanceof ApiError ? cause : new ApiError('unreadable'))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { run, busy, error, clear: () => setError(null) }
}
