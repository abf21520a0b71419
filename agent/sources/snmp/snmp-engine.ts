// All of SNMP that an agent can do, loaded when the collector first wants any of it.
import type { Discovered, SnmpTarget, SnmpTested } from '../../../protocol/snmp.ts'
import type { TaskOrder } from '../../../protocol/tasks.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/logger.ts'
import type { Gauge, Reading } from '../source.ts'
import { createPoller } from './poll/poller.ts'
import { loadProfiles } from './profiles/load-profiles.ts'
import { createDatagrams } from './session/datagrams.ts'
import { sweep } from './tasks/sweep.ts'
import { testDevice } from './tasks/test-device.ts'
import { createTrapReceiver } from './traps/trap-receiver.ts'

type Order<K extends TaskOrder['kind']> = Extract<TaskOrder, { kind: K }>

export type SnmpEngine = {
  setTargets(targets: readonly SnmpTarget[]): void
  /** All that was found since the last time. */
  take(): Reading
  /** How the poller itself fares, and what was heard of late: told with each tick. */
  state(): Gauge[]
  hasChanged(): boolean
  rediscover(deviceId: string): boolean
  test(order: Order<'snmp-test'>, signal: AbortSignal): Promise<SnmpTested>
  sweep(order: Order<'discover'>, signal: AbortSignal, tell: (result: Discovered) => Promise<void>): Promise<Discovered>
  stop(): void
}

export async function createSnmpEngine(deps: {
  clock: Clock
  log: Log
  ping: (address: string) => Promise<boolean | null>
}): Promise<SnmpEngine> {
  const { clock, log } = deps
  const profiles = await loadProfiles()
  const datagrams = createDatagrams()
  const poller = createPoller({ datagrams, profiles, clock, log })
  const traps = createTrapReceiver({ clock, log, onTrap: deviceId => poller.hurry(deviceId, 'poll') })
  const now = clock.monotonicMs
  return {
    setTargets(targets) {
      poller.setTargets(targets)
      traps.setTargets(targets)
    },
    take: () => ({ ...poller.take(), events: traps.take() }),
    state: () => [...poller.state(), ...traps.failures()],
    hasChanged: () => poller.hasChanged() || traps.hasNews(),
    rediscover: deviceId => poller.hurry(deviceId, 'rediscover'),
    test: ({ address, port, credentials, timeoutMs, retries }, signal) =>
      testDevice({
        ...{ datagrams, profiles, now, signal, credentials, ping: deps.ping },
        ...{ endpoint: { address, port }, patience: { timeoutMs, retries } },
      }),
    sweep: ({ addresses, port, credentials, perSecond, timeoutMs, retries }, signal, tell) =>
      sweep({
        ...{ datagrams, profiles, now, signal, tell, addresses, port, credentials, perSecond },
        patience: { timeoutMs, retries },
      }),
    stop() {
      poller.stop()
      traps.stop()
      datagrams.close()
    },
  }
}
