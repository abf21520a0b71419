import { useEffect, useRef } from 'preact/hooks'
import type { ServerView } from '../../../../protocol/server-views.ts'
import { call } from '../../api/call.ts'
import { useReloads } from '../../api/use-refreshed.ts'
import { type Resource, useResource } from '../../api/use-resource.ts'
import { watchServer } from '../../app/live.ts'
import { samples, serverChange } from '../../live/live-state.ts'

/** Sums over the last day and month go on by themselves, with nothing to tell of. */
const EVERY_MS = 300_000

/** The record of one server as it is: read when something in it changed, its figures as they are told. */
export function useWatchedServer(id: string): Resource<ServerView> {
  const server = useResource(id, signal => call('server', { params: { id }, signal }))
  const { reload } = server
  const latest = useRef(server)
  latest.current = server
  const changes = useChangesOf(id)
  const told = samples.value
  useEffect(() => {
    watchServer(id)
    return () => watchServer(null)
  }, [id])
  useReloads(server, changes)
  useEffect(() => {
    const { data, set } = latest.current
    if (told?.serverId !== id || data === null) return
    if (told.figures !== null) set({ ...data, ...told.figures })
    // Which graphs there are rests on what it sends: a metric that nobody knew makes the record another one.
    const known = new Set(data.metrics.map(({ metric }) => metric))
    if (told.series.some(({ metric }) => !known.has(metric))) reload()
  }, [told, id, reload])
  useEffect(() => {
    const timer = setInterval(reload, EVERY_MS)
    return () => clearInterval(timer)
  }, [reload])
  return server
}

/** Counts up with each word of this server, and of no other. */
export function useChangesOf(id: string): number {
  const change = serverChange.value
  const newest = useRef({ id, count: 0 })
  if (newest.current.id !== id) newest.current = { id, count: 0 }
  if (change.serverId === id) newest.current.count = change.count
  return newest.current.count
}
