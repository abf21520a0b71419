import { useEffect } from 'preact/hooks'
import type { CallResponse } from '../../../../protocol/api.ts'
import { call } from '../../api/call.ts'
import { type Resource, useResource } from '../../api/use-resource.ts'

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

export type Owners = {
  agencies: CallResponse<'agencies'>['agencies']
  providers: CallResponse<'providers'>['providers']
  sites: CallResponse<'sites'>['sites']
}

/** Names of whom and where links are. */
export function useOwners(): Resource<Owners> {
  return useResource('owners', async signal => {
    const [{ agencies }, { providers }, { sites }] = await Promise.all([
      call('agencies', { signal }),
      call('providers', { signal }),
      call('sites', { signal }),
    ])
    return { agencies, providers, sites }
  })
}
