import type { OfferedCredential, SnmpTested } from '../../../../protocol/snmp.ts'
import type { SnmpTrouble } from '../../../../protocol/snmp-words.ts'
import type { VendorProfile } from '../../../../protocol/vendor-profile.ts'
import { discover } from '../discover/discover.ts'
import { problemOf, type SnmpProblem } from '../problem.ts'
import { FIRST_LIMIT } from '../read-variables.ts'
import { connectDatagrams, type Datagrams } from '../session/datagrams.ts'
import { openSession } from '../session/open-session.ts'
import type { Endpoint, Patience } from '../session/session.ts'
import { isAbsent } from '../value.ts'

type Credential = OfferedCredential['credential']

const SYS_DESCR = '1.3.6.1.2.1.1.1.0'
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
const DISCOVERY_WITHIN_MS = 60_000
const TROUBLES: Partial<Record<SnmpProblem, SnmpTrouble>> = {
  'no-route': 'no-route',
  'port-closed': 'port-closed',
  'unknown-user': 'wrong-user',
  'wrong-digest': 'wrong-key',
  decryption: 'wrong-privacy-key',
  'unsupported-level': 'wrong-level',
  'not-in-view': 'view-too-small',
  timeout: 'no-answer',
}
/** Devices also refuse a user of too low a level as if it were for what it may see. */
function troubleOf(problem: SnmpProblem, credential: Credential): SnmpTrouble {
  const isBelow = credential.version === 'v3' && credential.level !== 'authPriv'
  return problem === 'not-in-view' && isBelow ? 'wrong-level' : (TROUBLES[problem] ?? 'garbage')
}

/** A user that no device has: whoever answers this speaks SNMPv3, whatever its communities are. */
const NOBODY: Credential = { version: 'v3', level: 'noAuth', user: 'pantau-nobody' }

/** One question over a socket of its own, where a port that is closed says so at once. */
async function askOnce(endpoint: Endpoint, credential: Credential, patience: Patience, now: () => number) {
  const datagrams = connectDatagrams(endpoint)
  const session = await openSession({ datagrams, endpoint, credential, patience })
  try {
    const startedMs = now()
    const values = await session.get(credential.version === 'v1' ? [SYS_UP_TIME] : [SYS_DESCR, SYS_UP_TIME])
    const hides = values.every(({ value }) => isAbsent(value))
    return { trouble: hides ? ('view-too-small' as const) : null, roundTripMs: now() - startedMs }
  } finally {
    session.close()
    datagrams.close()
  }
}

/** What silence means, as far as another question can tell. */
async function whySilent(
  endpoint: Endpoint,
  credential: Credential,
  patience: Patience,
  now: () => number,
): Promise<SnmpTrouble> {
  const short = { ...patience, retries: 0 }
  const answers = async (other: Credential): Promise<SnmpProblem | undefined> =>
    askOnce(endpoint, other, short, now).then(
      () => undefined,
      error => problemOf(error),
    )
  if (credential.version === 'v3' && credential.level === 'authPriv') {
    // The same user without privacy: an answer of any kind says that only the privacy key is wrong.
    const { user, auth } = credential
    const problem = await answers({ version: 'v3', level: 'auth', user, auth })
    return problem === 'timeout' || problem === 'garbage' ? 'no-answer' : 'wrong-privacy-key'
  }
  if (credential.version === 'v3') return 'no-answer'
  const problem = await answers(NOBODY)
  return problem === 'timeout' || problem === 'port-closed' || problem === 'no-route' ? 'no-answer' : 'wrong-community'
}

async function tryCredential(
  endpoint: Endpoint,
  { id: credentialId, credential }: OfferedCredential,
  patience: Patience,
  now: () => number,
): Promise<SnmpTested['trials'][number]> {
  try {
    const { trouble, roundTripMs } = await askOnce(endpoint, credential, patience, now)
    return { credentialId, trouble, roundTripMs: Math.round(roundTripMs * 10) / 10 }
  } catch (error) {
    const problem = problemOf(error)
    const trouble =
      problem === 'timeout' ? await whySilent(endpoint, credential, patience, now) : troubleOf(problem, credential)
    return { credentialId, trouble, roundTripMs: null }
  }
}

/** Asks one device by each credential in turn up to the first that works, and says what is wrong with the others. */
export async function testDevice(deps: {
  endpoint: Endpoint
  credentials: readonly OfferedCredential[]
  patience: Patience
  datagrams: Datagrams
  profiles: readonly VendorProfile[]
  /** Whether the address answers an echo; null when this machine can't send one. */
  ping: (address: string) => Promise<boolean | null>
  now: () => number
  signal: AbortSignal
}): Promise<SnmpTested> {
  const { endpoint, patience, datagrams, profiles, now } = deps
  const pinging = deps.ping(endpoint.address)
  const trials: SnmpTested['trials'] = []
  let found: SnmpTested['found'] = null
  for (const offered of deps.credentials) {
    if (deps.signal.aborted) break
    const trial = await tryCredential(endpoint, offered, patience, now)
    trials.push(trial)
    if (trial.trouble === 'no-route' || trial.trouble === 'port-closed') break
    if (trial.trouble !== null) continue
    const session = await openSession({ datagrams, endpoint, credential: offered.credential, patience })
    try {
      const untilMs = now() + DISCOVERY_WITHIN_MS
      const { found: all } = await discover({ session, profiles, limit: { variables: FIRST_LIMIT }, untilMs, now })
      const { sysDescr, sysObjectId } = all.identity
      const isBlind = (sysDescr === null && sysObjectId === null) || all.interfaces.length === 0
      found = { credentialId: offered.id, identity: all.identity, interfaces: all.interfaces.length }
      if (isBlind) trial.trouble = 'view-too-small'
    } catch (error) {
      trial.trouble = troubleOf(problemOf(error), offered.credential)
    } finally {
      session.close()
    }
    if (found !== null) break
  }
  return { outcome: 'snmp-tested', pinged: await pinging, trials, found }
}
