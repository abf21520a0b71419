import { useEffect, useRef } from 'preact/hooks'
import type { CallResponse } from '../../../../protocol/api.ts'
import { call } from '../../api/call.ts'
import { type Resource, useResource } from '../../api/use-resource.ts'
import { networkChange } from '../../live/live-state.ts'

/** For what the live line does not tell, such as figures, and for when it is gone. */
const EVERY_MS = 30_000

/** Loads again as soon as the live line tells that the network changed, and from time to time. */
export function useRefreshed<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs = EVERY_MS,
): Resource<T> {
  const resource = useResource(key, load)
  const { reload } = resource
  const change = networkChange.value
  const seen = useRef(change)
  useEffect(() => {
    if (seen.current === change) return
    seen.current = change
    reload()
  }, [reload, change])
  useEffect(() => {
    const timer = setInterval(reload, everyMs)
    return () => clearInterval(timer)
  }, [reload, everyMs])
  return resource
}

export type Owners = {
  agencies: CallResponse<'agencies'>['agencies']
  providers: CallResponse<'providers'>['providers']
  sites: CallResponse<'sites'>['sites']
  calendars: CallResponse<'calendars'>['calendars']
}

/** Names of whom and where links are. */
export function useOwners(): Resource<Owners> {
  return useResource('owners', async signal => {
    const [{ agencies }, { providers }, { sites }, { calendars }] = await Promise.all([
      call('agencies', { signal }),
      call('providers', { signal }),
      call('sites', { signal }),
      call('calendars', { signal }),
    ])
    return { agencies, providers, sites, calendars }
  })
}
