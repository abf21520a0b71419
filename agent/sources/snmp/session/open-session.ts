import type { SnmpCredential } from '../../../../protocol/snmp.ts'
import { createCommunitySession } from './community-session.ts'
import type { Datagrams } from './datagrams.ts'
import type { Endpoint, Patience, SnmpSession } from './session.ts'

/** A session to one device; v3 loads net-snmp when it is first wanted. Nothing is sent before the first question. */
export async function openSession(deps: {
  datagrams: Datagrams
  endpoint: Endpoint
  credential: SnmpCredential
  patience: Patience
}): Promise<SnmpSession> {
  const { credential, ...rest } = deps
  if (credential.version === 'v3') {
    const { createV3Session } = await import('./v3-session.ts')
    return createV3Session({ ...rest, credential })
  }
  return createCommunitySession({ ...rest, version: credential.version, community: credential.community })
}
