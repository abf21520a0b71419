import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { ApiError } from '../api/api-error.ts'
import { Skeleton } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'

type LazyScreen<Props> = { Screen: ComponentType<Props>; fetch: () => Promise<void> }

/**
 * A screen whose code comes when it is needed, so that the wall stands sooner. `fetch` brings it ahead of time: once
 * the line is lost nothing can be brought any more.
 */
export function lazyScreen<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyScreen<Props> {
  const state = signal<{ Loaded: ComponentType<Props> | null; failed: boolean }>({ Loaded: null, failed: false })
  async function fetch() {
    if (state.peek().Loaded !== null) return
    try {
      state.value = { Loaded: await load(), failed: false }
    } catch {
      state.value = { Loaded: null, failed: true }
    }
  }
  function Screen(props: Props) {
    const { Loaded, failed } = state.value
    useEffect(() => void fetch(), [])
    if (Loaded !== null) return <Loaded {...props} />
    return (
      <div class="page">
        {failed ? <ErrorNotice error={new ApiError('offline')} onRetry={() => void fetch()} /> : <Skeleton rows={5} />}
      </div>
    )
  }
  return { Screen, fetch }
}
