import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openAssignments } from './assignments/assignments.ts'
import { type AgentConfig, isLoopback } from './config.ts'
import type { Clock } from './platform/clock.ts'
import { type Log, reasonOf } from './platform/logger.ts'
import { readMachineId } from './platform/machine-id.ts'
import { startRhythm } from './platform/rhythm.ts'
import { createTurns } from './platform/turns.ts'
import { createBackupSource } from './sources/backups/backup-source.ts'
import { createFactsSource } from './sources/facts/facts-source.ts'
import { createStatfsHelper } from './sources/host/statfs-helper.ts'
import { createProbeSource } from './sources/probes/probe-source.ts'
import { createSources } from './sources/registry.ts'
import { createRunner, type TickReading } from './sources/runner.ts'
import { createSnmpSource } from './sources/snmp/snmp-source.ts'
import { encodeBatches } from './spool/batch-body.ts'
import { openSpool } from './spool/spool.ts'
import {
  chooseCollector,
  chooseProxy,
  claimDirectory,
  keepIdentity,
  noteCollector,
  requireToken,
} from './starting-point.ts'
import { runTask } from './tasks/run-task.ts'
import { readOwnBundle } from './upgrade/own-bundle.ts'
import { startUpgrades, type Upgrades } from './upgrade/upgrades.ts'
import { EnrolmentRefused, enrol } from './uplink/enrol.ts'
import { createHttpClient, loadTransport } from './uplink/http-client.ts'
import { type Identity, readIdentity } from './uplink/identity.ts'
import { type Orders, startOrders } from './uplink/orders.ts'
import { startUplink, type Uplink } from './uplink/uplink.ts'

export type RunningAgent = {
  /** Delivers what it can within `deliverWithinMs`, keeps the rest, and closes. `hangingReads` names what never returned. */
  stop(deliverWithinMs: number): Promise<{ hangingReads: string[] }>
  /** Resolves when the collector refused the enrolment; an agent that nobody will have should end. */
  refused: Promise<EnrolmentRefused>
  /** Resolves when another bundle is in place and waits to be started. */
  upgraded: Promise<'upgraded'>
}

const SECOND_TICK_MS = 1_000
const LOOK_FOR_CHANGES_EVERY_MS = 1_000
const FACTS_EVERY_MS = 6 * 3_600_000
const MEMORY_BATCHES = 360
const FIRST_BACKUPS_AFTER_MS = 5_000
const FIRST_ORDERS_AFTER_MS = 4_000
const LAST_TICK_WITHIN_MS = 500

/** Wires everything and starts measuring at once; enrolment and delivery follow when the collector answers. */
export async function startAgent(deps: {
  config: AgentConfig
  version: string
  clock: Clock
  log: Log
  roots?: { proc: string; sys: string; etc: string; run: string }
}): Promise<RunningAgent> {
  const { config, version, clock, log } = deps
  const roots = deps.roots ?? { proc: '/proc', sys: '/sys', etc: '/etc', run: '/run' }
  const { dataDirectory, intervalMs } = config
  const claiming = claimDirectory(dataDirectory)
  loadTransport(config.collector)
  let lock = await claiming
  try {
    const kept = await readIdentity(dataDirectory)
    const collector = chooseCollector(config, kept)
    if (kept !== undefined && kept.collector !== collector.href)
      await noteCollector(dataDirectory, kept, collector, log)
    const token = kept === undefined ? requireToken(config) : undefined
    const proxy = chooseProxy(config, collector)
    /** An identity that the disk did not take. */
    let unkept: Identity | undefined
    // From here the opening of the spool, the handshake and the first reading go on beside each other.
    const opening = openSpool({
      directory: join(dataDirectory, 'spool'),
      clock,
      log,
      limitBytes: config.spoolLimitBytes,
      memoryBatches: MEMORY_BATCHES,
      async claim() {
        if (!lock.held) lock = await claimDirectory(dataDirectory)
        if (unkept !== undefined) await keepIdentity(config, unkept)
        unkept = undefined
      },
    })
    // Waited for below; until then a failure is no reason to end in another way.
    opening.catch(() => {})

    const client = createHttpClient({ collector, ca: config.ca, pins: config.pins, proxy })
    client.open()

    const assignments = await openAssignments({ directory: dataDirectory, log })
    const snmp = createSnmpSource({ log })
    assignments.subscribe('snmp', snmp.setTargets)
    const probes = createProbeSource({ clock, log, onNews: () => lookForChanges() })
    assignments.subscribe('probes', probes.setTargets)

    const backups = createBackupSource({
      ...{ file: config.backupsFile, dataDirectory, clock, log },
      firstAfterMs: FIRST_BACKUPS_AFTER_MS,
    })

    let uplink: Uplink | undefined
    let orders: Orders | undefined
    let upgrades: Upgrades | undefined
    assignments.subscribe('upgrade', allowed => upgrades?.told(allowed))
    const deadlineMs = Math.min(Math.max(intervalMs / 2, 1_000), 5_000)
    const statfsHelper = createStatfsHelper({ answerWithinMs: deadlineMs / 4, now: clock.monotonicMs })
    const runner = createRunner({
      sources: createSources({
        procRoot: roots.proc,
        sysRoot: roots.sys,
        runRoot: roots.run,
        processes: config.processes,
        certificates: config.certificates,
        clock,
        mountDeadlineMs: deadlineMs / 4,
        askRemoteFilesystem: statfsHelper.ask,
        spoolStats: async () => (await opening).stats(),
        skewMs: () => uplink?.skewMs(),
        snmp,
        probes,
        backups,
      }),
      clock,
      log,
      deadlineMs,
    })
    let first: Promise<TickReading> | undefined = runner.tick()
    const facts = createFactsSource({ clock, log, everyMs: FACTS_EVERY_MS, firstAfterMs: SECOND_TICK_MS / 2 })

    const spool = await opening
    const ending = new AbortController()
    const origin = { agentVersion: version, intervalMs }
    const turns = createTurns()
    const keep = async (reading: TickReading): Promise<void> => {
      if (ending.signal.aborted) return
      const news = facts.take()
      reading.gauges.push(...news.gauges)
      const found = [
        ...news.facts,
        ...reading.facts.map(({ atMs, ...fact }) => ({ at: atMs ?? reading.atMs, ...fact })),
      ]
      for (const encode of encodeBatches(origin, reading, found)) await spool.append(reading.atMs, encode)
      await backups.settle(reading.backups ?? [])
      uplink?.wake()
    }
    const onError = (error: unknown): void =>
      log.error({ reason: reasonOf(error) }, 'measurement could not be kept, it is lost')
    const rhythm = startRhythm({
      clock,
      intervalMs,
      secondTickMs: SECOND_TICK_MS,
      onError,
      tick: () =>
        turns(async () => {
          facts.tick()
          const reading = first ?? runner.tick()
          first = undefined
          await keep(await reading)
        }),
    })
    // A change of state does not wait for the rhythm. In the same turns, so no source is read twice at once.
    function lookForChanges(): void {
      turns(async () => {
        const changed = runner.tickChanged()
        if (changed !== undefined) await keep(await changed)
      }).catch(onError)
    }
    const lookout = setInterval(lookForChanges, LOOK_FOR_CHANGES_EVERY_MS)

    const userAgent = `pantau-agent/${version}`
    const longestBackOffMs = isLoopback(collector) ? 5_000 : 60_000
    const own = config.installed && (await readOwnBundle(config.installed.home))
    const { promise: upgraded, resolve: sayUpgraded } = Promise.withResolvers<'upgraded'>()
    const deliver = (identity: Identity): void => {
      const { key } = identity
      uplink = startUplink({ spool, post: client.post, key, userAgent, longestBackOffMs, clock, log })
      orders = startOrders({
        ...{ get: client.get, post: client.post, key, userAgent, longestBackOffMs, clock, log },
        assignments,
        firstAfterMs: FIRST_ORDERS_AFTER_MS * (0.5 + Math.random() / 2),
        run: (order, signal, tell) => runTask({ clock, signal, tell, snmp, refreshFacts: facts.refresh }, order),
      })
      if (config.installed === undefined || own === undefined) return
      const { signingKey: publicKey, askEveryMs: everyMs } = config.installed
      const hasDelivered = (): boolean => uplink?.skewMs() !== undefined
      upgrades = startUpgrades({ ...client, own, publicKey, everyMs, key, userAgent, hasDelivered, log })
      void upgrades.wantsRestart.then(() => sayUpgraded('upgraded'))
    }
    const enrolOnce = async (secret: string): Promise<void> => {
      const identity = await enrol({
        post: client.post,
        collector: collector.href,
        token: secret,
        enrolment: {
          hostname: hostname().slice(0, 253) || 'unknown',
          machineId: await readMachineId(dataDirectory, roots.etc),
          agentVersion: version,
        },
        userAgent,
        longestBackOffMs,
        clock,
        log,
        signal: ending.signal,
      })
      if (identity === undefined) return
      await keepIdentity(config, identity).catch(error => {
        unkept = identity
        log.error({ reason: reasonOf(error) }, 'identity could not be kept, a restart needs a new enrolment token')
      })
      log.info({ agentId: identity.agentId, deviceId: identity.deviceId }, 'enrolled')
      if (!ending.signal.aborted) deliver(identity)
    }
    let enrolling: Promise<void> = Promise.resolve()
    const refused = new Promise<EnrolmentRefused>(resolve => {
      if (kept !== undefined) deliver(kept)
      if (token !== undefined) {
        enrolling = enrolOnce(token).catch(error => {
          if (error instanceof EnrolmentRefused) resolve(error)
          else log.error({ reason: reasonOf(error) }, 'enrolment failed')
        })
      }
    })
    log.info({ version, collector: collector.origin, spool: spool.id, intervalMs }, 'agent started')

    return {
      refused,
      upgraded,
      async stop(deliverWithinMs) {
        // A tick that waits for a hanging source is not waited for: it gives up when it sees that we are ending.
        await Promise.race([rhythm.stop(), sleep(LAST_TICK_WITHIN_MS, undefined, { ref: false })])
        clearInterval(lookout)
        facts.stop()
        runner.stop()
        statfsHelper.stop()
        snmp.stop()
        probes.stop()
        backups.stop()
        ending.abort()
        await enrolling
        await orders?.stop()
        await upgrades?.stop()
        await uplink?.stop(deliverWithinMs)
        client.close()
        await spool.close()
        await lock.release()
        return { hangingReads: runner.pending() }
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}
