import type { CallResponse } from '../../../../protocol/api.ts'
import { call } from '../../api/call.ts'
import { type Resource, useResource } from '../../api/use-resource.ts'

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
