import { useEffect, useMemo, useState } from 'preact/hooks'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { ApiError } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { now } from '../../app/clock.ts'
import { type RangeName, type Window, windowOf } from '../../charts/ranges.ts'
import { extendTail, joinTail, type LiveTail, type Series, seriesOf } from '../../charts/series.ts'
import { METRICS } from '../../charts/server-graphs.ts'
import { line, samples } from '../../live/live-state.ts'

export type Graphs = { series: Map<string, Series>; window: Window; loading: boolean; error: ApiError | null }

const RELOAD_AT_LEAST_MS = 15_000
const RELOAD_AT_MOST_MS = 120_000

/**
 * The series behind the graphs: loaded for the window, continued by the live line, and loaded again now and then so
 * that what arrived late finds its place.
 */
export function useGraphs(tile: ServerTile, range: RangeName, metrics: readonly string[] = METRICS): Graphs {
  const [loaded, setLoaded] = useState<{ range: RangeName; series: Map<string, Series>; window: Window } | null>(null)
  const [tail, setTail] = useState<LiveTail>(new Map())
  const [error, setError] = useState<ApiError | null>(null)
  const alive = line.value.state !== 'lost'
  const { id, intervalMs } = tile
  // As one text: a new list of the same names is no reason to load again. No metric has a blank in it.
  const wanted = metrics.join(' ')

  useEffect(() => {
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    async function load() {
      if (wanted === '') return setLoaded({ range, series: new Map(), window: windowOf(range, now.peek(), intervalMs) })
      const window = windowOf(range, now.peek(), intervalMs)
      const query = { subject: id, from: window.from, to: window.to, stepMs: window.stepMs }
      try {
        const views = await Promise.all(
          wanted.split(' ').map(metric => call('range', { query: { ...query, metric }, signal: controller.signal })),
        )
        setLoaded({ range, series: seriesOf(views), window })
        setError(null)
      } catch (cause) {
        if (controller.signal.aborted) return
        setError(cause instanceof ApiError ? cause : new ApiError('unreadable'))
      }
      const pause = Math.min(RELOAD_AT_MOST_MS, Math.max(RELOAD_AT_LEAST_MS, window.stepMs * 2))
      timer = setTimeout(() => void load(), pause)
    }
    void load()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
    // A healed line starts a load of its own: what came meanwhile is missing from the tail.
  }, [id, intervalMs, range, alive, wanted])

  const message = samples.value
  useEffect(() => {
    if (message === null || message.serverId !== id) return
    setTail(old => extendTail(old, message, now.peek() - 2 * RELOAD_AT_MOST_MS - 3 * intervalMs))
  }, [message, id, intervalMs])

  const fits = loaded !== null && loaded.range === range ? loaded : null
  // The window moves on with the newest sample, not with each second: nothing to draw, nothing drawn.
  const window = windowOf(range, now.peek(), intervalMs)
  const series = useMemo(
    () => (fits === null ? new Map<string, Series>() : joinTail(fits.series, tail, fits.window.stepMs)),
    [fits, tail],
  )
  return { series, window, loading: fits === null && error === null, error }
}
