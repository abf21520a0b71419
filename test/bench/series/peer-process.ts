// Debian's influxd and victoria-metrics as processes of a bench, each with a directory of its own on loopback.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../support/free-port.ts'

const INFLUXD = '/usr/bin/influxd'
const VICTORIA = '/usr/bin/victoria-metrics'

export type PeerKind = 'influxdb' | 'victoria-metrics'
export type PeerProcess = { child: ChildProcess; port: number; stop(): Promise<void> }

/** Null where the package is not installed. It may take some seconds until it answers. */
export async function startPeerProcess(kind: PeerKind, directory: string): Promise<PeerProcess | null> {
  if (!existsSync(kind === 'influxdb' ? INFLUXD : VICTORIA)) return null
  mkdirSync(directory, { recursive: true })
  const port = await freePort()
  const child = kind === 'influxdb' ? startInflux(directory, port, await freePort()) : startVictoria(directory, port)
  return {
    ...{ child, port },
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      clearTimeout(late)
    },
  }
}

function startInflux(directory: string, port: number, rpcPort: number): ChildProcess {
  const file = join(directory, 'influxdb.conf')
  writeFileSync(
    file,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  index-version = "inmem"
  query-log-enabled = false
  max-series-per-database = 0
  cache-max-memory-size = "4g"
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  max-body-size = 0
[monitor]
  store-enabled = false
[logging]
  level = "error"
`,
  )
  return spawn(INFLUXD, ['-config', file], { stdio: 'ignore' })
}

function startVictoria(directory: string, port: number): ChildProcess {
  return spawn(
    VICTORIA,
    [
      ...[`-httpListenAddr=127.0.0.1:${port}`, `-storageDataPath=${join(directory, 'data')}`, '-retentionPeriod=12'],
      ...['-search.latencyOffset=0', '-search.maxUniqueTimeseries=1000000', '-search.maxPointsPerTimeseries=100000'],
      // Without it repeated samples are stored and counted twice.
      '-dedup.minScrapeInterval=1ms',
    ],
    { stdio: 'ignore' },
  )
}
