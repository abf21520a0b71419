import { setTimeout as sleep } from 'node:timers/promises'
import type { Discovered, OfferedCredential } from '../../../../protocol/snmp.ts'
import type { VendorProfile } from '../../../../protocol/vendor-profile.ts'
import { createDeviceReader } from '../discover/device-reader.ts'
import { readIdentity } from '../discover/identity.ts'
import { IF } from '../discover/interfaces.ts'
import { FIRST_LIMIT } from '../read-variables.ts'
import type { Datagrams } from '../session/datagrams.ts'
import { openSession } from '../session/open-session.ts'
import type { Patience } from '../session/session.ts'
import { macOf } from '../value.ts'

const TELL_EVERY_MS = 3_000
const IDENTITY_WITHIN_MS = 20_000
const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0'

/**
 * Asks many addresses by each credential, so many of them begun in a second and no faster. `tell` hears how far it is
 * every few seconds, with all that was found until then; the last word is returned.
 */
export async function sweep(deps: {
  addresses: readonly string[]
  port: number
  credentials: readonly OfferedCredential[]
  patience: Patience
  perSecond: number
  datagrams: Datagrams
  profiles: readonly VendorProfile[]
  now: () => number
  tell: (result: Discovered) => Promise<void>
  signal: AbortSignal
}): Promise<Discovered> {
  const { addresses, port, patience, datagrams, profiles, now, signal } = deps
  const found: Discovered['found'] = []
  /** So many, in the order given, are done with: whoever goes on later begins behind them. */
  let asked = 0
  const done = new Set<number>()

  const identify = async (address: string, { id: credentialId, credential }: OfferedCredential): Promise<boolean> => {
    const session = await openSession({ datagrams, endpoint: { address, port }, credential, patience })
    try {
      await session.get([SYS_OBJECT_ID])
      const untilMs = now() + IDENTITY_WITHIN_MS
      const reader = createDeviceReader({ session, limit: { variables: FIRST_LIMIT }, untilMs, now })
      const macs = async (): Promise<string[]> =>
        [...(await reader.column(IF.physAddress)).values()].flatMap(value => macOf(value) ?? [])
      const { identity } = await readIdentity(reader, profiles, macs)
      found.push({ address, credentialId, identity })
      return true
    } catch {
      return false
    } finally {
      session.close()
    }
  }
  const askOne = async (address: string, place: number): Promise<void> => {
    for (const offered of deps.credentials) if (signal.aborted || (await identify(address, offered))) break
    if (signal.aborted) return
    done.add(place)
    while (done.delete(asked)) asked += 1
  }
  const word = (finished: boolean): Discovered => ({
    ...{ outcome: 'discovered', finished, asked, total: addresses.length },
    found: [...found],
  })

  let toldMs = now()
  const asking: Promise<void>[] = []
  for (const [place, address] of addresses.entries()) {
    if (signal.aborted) break
    asking.push(askOne(address, place))
    await sleep(1_000 / deps.perSecond, undefined, { signal }).catch(() => {})
    if (now() - toldMs >= TELL_EVERY_MS) {
      toldMs = now()
      await deps.tell(word(false)).catch(() => {})
    }
  }
  await Promise.all(asking)
  return word(!signal.aborted)
}
