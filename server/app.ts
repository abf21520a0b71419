// The collector, put together in one straight function: what is opened first is closed last.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkAdminToken } from './access/admin-token.ts'
import { createAgentKeys } from './access/agent-keys.ts'
import { createLoginThrottle } from './access/login-throttle.ts'
import { createPasswords } from './access/passwords.ts'
import { createSignInFailures } from './access/sign-in-failures.ts'
import { createAccessUpkeep } from './access/upkeep.ts'
import { createWriterKeys } from './access/writer-keys.ts'
import { createStateBoard } from './availability/state-board.ts'
import { readCoverage } from './backups/supervision.ts'
import type { Config } from './config.ts'
import { greet } from './greet.ts'
import { createHttp } from './http/create-http.ts'
import { refuseUnreachable } from './http/install-files.ts'
import { listen } from './http/listeners.ts'
import { onlyLoopback } from './http/own-names.ts'
import type { Services } from './http/services.ts'
import { createIngest } from './ingest/ingest.ts'
import { createPings } from './ingest/pings.ts'
import { createAcceptPush } from './ingest/push.ts'
import { createInstall } from './install/install.ts'
import { createAgentTasks } from './inventory/agent-tasks.ts'
import { createAssignmentBook } from './inventory/assignments.ts'
import { createPollScope } from './inventory/poll-scope.ts'
import { createRoster } from './inventory/roster.ts'
import { createWriterHosts } from './inventory/writer-hosts.ts'
import { createLive } from './live/live.ts'
import { createNocAgent } from './noc-agent.ts'
import { openStores } from './open-stores.ts'
import { ownCertificate } from './own-certificate.ts'
import { configurationOf } from './own-copies/configuration.ts'
import { openOwnCopies } from './own-copies/own-copies.ts'
import { createLifecycle } from './platform/lifecycle.ts'
import type { Logger } from './platform/logs.ts'
import { createMetrics } from './platform/metrics.ts'
import { watchProcess } from './platform/process-metrics.ts'
import { readVersion } from './platform/version.ts'
import { readPacks } from './read-packs.ts'
import { signalReminder } from './rules/backup-reminders.ts'
import { bindConfigured } from './rules/duties/bind-configured.ts'
import { createDutyEngine } from './rules/duties/duty-engine.ts'
import { createEvaluator } from './rules/evaluator.ts'
import { loadStandings } from './rules/standings.ts'
import { createTicker } from './rules/ticker.ts'
import { createBlobs } from './stores/blobs.ts'
import { createChangeFeed } from './stores/change-feed.ts'
import { createTelling, type Telling } from './telling.ts'
import { keepBoard } from './views/board-upkeep.ts'
import { observedPorts, readRecoveryCentres } from './views/recovery-centres.ts'
import { createWall } from './views/wall.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MIB = 1024 * 1024

const NOC_DOOR = { scheme: 'http', host: '127.0.0.1', port: 0 } as const

export type Collector = {
  /** Where it listens, e.g. "http://127.0.0.1:8420". */
  url: string
  /** When it resolves, nothing works any more but a new start. */
  lost: Promise<Error>
  close(): Promise<void>
}

export async function startCollector(deps: { config: Config; log: Logger; now: () => number }): Promise<Collector> {
  const { config, log, now } = deps
  const lifecycle = createLifecycle({ log })
  try {
    return await build()
  } catch (error) {
    await lifecycle.close()
    throw error
  }

  async function build(): Promise<Collector> {
    const version = readVersion()
    const adminTokenHash = config.adminToken === null ? null : checkAdminToken(config.adminToken)
    const { operational: rules, law } = readPacks({ config, root: ROOT })
    const stores = await openStores({ config, lifecycle, log, now })
    const { records, series, vault, current } = stores
    const changes = createChangeFeed()
    const metrics = createMetrics()
    lifecycle.onClose('process metrics', watchProcess(metrics))
    const roster = await createRoster({ records })
    const standings = await loadStandings(records)
    const board = await createStateBoard({ records, timeZone: config.timeZone, now })
    lifecycle.onClose('state board', keepBoard({ board, changes, log }))
    const wall = await createWall({ records, roster, current, board, now })
    const agentKeys = createAgentKeys({ records })
    const writerKeys = createWriterKeys({ records })
    const assignments = createAssignmentBook({ records, vault, now })
    const pollScope = createPollScope({ records, now })
    assignments.onChange(() => pollScope.forget())
    const writerHosts = createWriterHosts({ records, roster, changes, now })
    lifecycle.onClose(
      'writer hosts',
      changes.onAppend(change => {
        if (change.kind === 'server') writerHosts.forget(change.id)
      }),
    )
    const failures = createSignInFailures()
    const upkeep = createAccessUpkeep({ records, changes, failures, directory: config.data, log, now })
    lifecycle.onClose('access upkeep', () => upkeep.stop())

    const listeningSince = now()
    const evaluator = createEvaluator({
      ...{ records, changes, roster, current, standings, board, rules, listeningSince, log },
      timeZone: config.timeZone,
    })
    const ingest = await createIngest({
      directory: config.data,
      journalMaxBytes: config.journalMaxMib * MIB,
      series,
      records,
      changes,
      current,
      roster,
      writerHosts,
      pollScope,
      evaluator,
      board,
      agentKeys,
      metrics,
      log,
      now,
    })
    lifecycle.onClose('ingest', () => ingest.close())
    await bindConfigured({ records, regulations: law.packs, regulation: config.regulation, now })
    const centres = { records, board, wall, roster, current, listeningSince, coverage: readCoverage }
    const dutyEngine = await createDutyEngine({
      ...{ records, changes, log, now, regulations: law.packs, rules: law.rules, timeZone: config.timeZone },
      house: { current, series },
      operational: rules,
      ports: at => observedPorts(centres, at),
    })
    lifecycle.onClose('duties', () => dutyEngine.stop())
    const ticker = createTicker({ records, evaluator, log, now })
    lifecycle.onClose('ticker', () => ticker.stop())

    const identity = ownCertificate({ config, lifecycle, log, now })
    const install = createInstall({
      ...{ root: ROOT, directory: join(config.data, 'install'), version, now, log },
      reach: () => ({
        url: config.publicUrl ?? (onlyLoopback(config.listeners) ? services.publicUrl : null),
        // Behind a proxy the certificate that others see is not ours.
        pin: identity === null || config.allowPlainHttp ? null : `sha256//${identity.current().pin}`,
      }),
    })

    const { place, timeZone, language } = config
    const ownCopies = await openOwnCopies({
      sources: {
        ...{ directory: config.data, vault, version, place, backupJournal: ingest.backupJournal },
        series: config.series.kind === 'embedded' ? series : null,
        configuration: configurationOf(config),
      },
      ...{ records, metrics, log, now, timeZone, schedule: config.ownCopies ?? null },
    })
    lifecycle.onClose('own copies', () => ownCopies.close())
    let telling: Telling | undefined
    const services: Services = {
      blobs: createBlobs({ directory: join(config.data, 'blobs') }),
      ...{ records, series, vault, changes, current, now, log, metrics },
      ...{ adminTokenHash, agentKeys, writerKeys, failures },
      ...{ passwords: createPasswords(), throttle: createLoginThrottle() },
      ...{ dutyEngine, recoveryCentres: at => readRecoveryCentres(centres, at) },
      ...{
        roster,
        board,
        assignments,
        rules,
        standings,
        wall,
        acceptBatch: ingest.acceptBatch,
        forgetClone: ingest.forgetClone,
        install,
      },
      ...{ acceptLines: ingest.acceptLines, writerActivity: ingest.writerActivity },
      agentTasks: createAgentTasks({ assignments, now }),
      acceptPush: createAcceptPush({ records, acceptBatch: ingest.acceptBatch, now }),
      ...{ pings: createPings({ records, changes }), signalReminder },
      refuseEnrolment: () => refuseUnreachable({ install }),
      ...{ place, timeZone, language, version },
      publicUrl: config.publicUrl ?? '',
      wake: () => telling?.wake(),
      isHttps: ({ headers, socket }) =>
        'encrypted' in socket || (config.allowPlainHttp && headers['x-forwarded-proto'] === 'https'),
      troubles: async () => [...(await stores.troubles()), ...ingest.troubles()],
    }
    const http = createHttp({ services, pages: config.pages ?? join(ROOT, 'dashboard/dist') })
    const listening = await listen({ server: http, listeners: config.listeners, identity })
    lifecycle.onClose('http', () => listening.close())
    lifecycle.onClose('waiting agents', () => services.agentTasks.close())
    const url = listening.urls[0] ?? ''
    services.publicUrl ||= url
    const live = createLive({ ...services, http, board })
    lifecycle.onClose('live', () => live.close())
    metrics.gauge('pantau_live_pages', 'Open pages.', () => live.pages())
    metrics.gauge('pantau_servers', 'Servers that are watched.', () => roster.all().length)

    telling = createTelling({
      ...{ lifecycle, records, vault, changes, log, now, place, timeZone, publicUrl: services.publicUrl },
    })
    upkeep.start()
    telling.start()
    ingest.start()
    ticker.start()
    dutyEngine.start()
    await greet({ ...{ config, log, records, now, version }, address: url })

    if (config.nocAgent.enabled) {
      // A door of its own, so that the agent beside us needs no certificate, wherever we listen.
      const door = await listen({ server: http, listeners: [NOC_DOOR], identity: null })
      lifecycle.onClose('NOC door', () => door.close())
      const nocAgent = createNocAgent({
        ...{ records, changes, now, log },
        directory: join(config.data, 'agent'),
        collectorUrl: door.urls[0] ?? '',
        intervalMs: config.nocAgent.intervalMs,
      })
      lifecycle.onClose('NOC agent', () => nocAgent.stop())
      await nocAgent.start()
    }
    return { url, lost: stores.lost, close: () => lifecycle.close() }
  }
}
