// What a server of the load tells each ten seconds: 60 series by the names, labels and sizes of the real agent, with values
// that move as those of a machine at work do. The same values as a batch of ours, and as line protocol for others.
import { randomUUID } from 'node:crypto'
import { WIRE_VERSION } from '../../../protocol/wire.ts'

type Shape = {
  metric: string
  labels: Record<string, string>
  kind: 'gauge' | 'delta'
  value: (load: number) => number
}

const GIB = 1024 ** 3
const whole = (value: number) => Math.round(value)
const few = (value: number) => Math.round(value * 1000) / 1000
const some = (value: number) => value * (0.75 + Math.random() / 2)

function shapesOf(server: number): Shape[] {
  const gauge = (metric: string, labels: Record<string, string>, value: Shape['value']): Shape => ({
    ...{ metric, labels, kind: 'gauge', value },
  })
  const delta = (metric: string, labels: Record<string, string>, value: Shape['value']): Shape => ({
    ...{ metric, labels, kind: 'delta', value },
  })
  const memory = (8 + (server % 8) * 8) * GIB
  const disk = (100 + (server % 30) * 20) * GIB
  const bootedS = 1_790_000_000 + server
  const sources = ['cpu', 'memory', 'filesystem', 'disk', 'network']
  const modes: [string, Shape['value']][] = [
    ...[['user', load => few(some(load * 20))] satisfies [string, Shape['value']]],
    ...[['system', load => few(some(load * 6))] satisfies [string, Shape['value']]],
    ...[['idle', load => few((1 - load) * 40)] satisfies [string, Shape['value']]],
    ...[['iowait', load => few(some(load))] satisfies [string, Shape['value']]],
    ...['nice', 'irq', 'steal'].map((mode): [string, Shape['value']] => [mode, () => 0]),
    ...[['softirq', load => few(some(load / 5))] satisfies [string, Shape['value']]],
  ]
  return [
    ...sources.flatMap(source => [
      gauge('source_ok', { source }, () => 1),
      gauge('source_duration_seconds', { source }, () => few(some(0.004))),
    ]),
    gauge('node_memory_MemTotal_bytes', {}, () => memory),
    gauge('node_memory_MemFree_bytes', {}, load => whole(some((memory * (1 - load)) / 4) / 4096) * 4096),
    gauge('node_memory_MemAvailable_bytes', {}, load => whole((memory * (1 - load / 2)) / 4096) * 4096),
    gauge('node_memory_Buffers_bytes', {}, () => 71_516_160),
    gauge('node_memory_Cached_bytes', {}, load => whole(some((memory * load) / 4) / 4096) * 4096),
    gauge('node_memory_SwapTotal_bytes', {}, () => 0),
    gauge('node_memory_SwapFree_bytes', {}, () => 0),
    ...[1, 5, 15].map(minutes => gauge(`node_load${minutes}`, {}, load => Math.round(some(load * 4) * 100) / 100)),
    gauge('node_boot_time_seconds', {}, () => bootedS),
    ...['/', '/srv'].flatMap((mountpoint, place) => {
      const labels = { device: `/dev/vd${'ab'[place]}`, mountpoint, fstype: 'ext4' }
      return [
        gauge('node_filesystem_readonly', labels, () => 0),
        gauge('node_filesystem_size_bytes', labels, () => disk),
        gauge('node_filesystem_free_bytes', labels, load => whole((disk * (0.6 - load / 10)) / 4096) * 4096),
        gauge('node_filesystem_avail_bytes', labels, load => whole((disk * (0.55 - load / 10)) / 4096) * 4096),
        gauge('node_filesystem_files', labels, () => 16_777_216),
        gauge('node_filesystem_files_free', labels, load => whole(16_000_000 - load * 1_000)),
      ]
    }),
    ...['eth0', 'eth1'].map(device => gauge('node_network_up', { device }, () => 1)),
    gauge('node_procs_running', {}, load => whole(some(load * 6))),
    gauge('node_procs_blocked', {}, () => 0),
    gauge('node_processes_pids', {}, load => whole(200 + load * 40)),
    gauge('node_disk_io_now', { device: 'vda' }, () => 0),
    gauge('pantau_agent_spool_bytes', {}, () => 0),
    gauge('pantau_agent_spool_batches', {}, () => 0),
    gauge('pantau_agent_spool_dropped_batches', {}, () => 0),
    gauge('pantau_agent_resident_memory_bytes', {}, () => whole(some(16_000)) * 4096),
    ...modes.map(([mode, value]) => delta('node_cpu_seconds_total', { mode }, value)),
    delta('node_disk_reads_completed_total', { device: 'vda' }, load => whole(some(load * 300))),
    delta('node_disk_read_bytes_total', { device: 'vda' }, load => whole(some(load * 900)) * 4096),
    delta('node_disk_writes_completed_total', { device: 'vda' }, load => whole(some(load * 700))),
    delta('node_disk_written_bytes_total', { device: 'vda' }, load => whole(some(load * 4_000)) * 4096),
    delta('node_disk_io_time_seconds_total', { device: 'vda' }, load => few(some(load))),
    delta('node_network_receive_bytes_total', { device: 'eth0' }, load => whole(some(load * 9_000_000))),
    delta('node_network_transmit_bytes_total', { device: 'eth0' }, load => whole(some(load * 5_000_000))),
    delta('node_network_receive_packets_total', { device: 'eth0' }, load => whole(some(load * 9_000))),
    delta('node_network_transmit_packets_total', { device: 'eth0' }, load => whole(some(load * 7_000))),
  ]
}

export type LoadServer = {
  series: number
  /** JSON of the next batch. */
  batch(at: number, overMs: number): { number: number; text: string }
  /** The same samples as lines, growth as it is: others divide when they are asked. */
  lines(at: number): string
}

export function createLoadServer(server: number, intervalMs: number): LoadServer {
  const shapes = shapesOf(server)
  const heads = shapes.map(({ metric, labels, kind }) => {
    const named = Object.keys(labels).length === 0 ? '' : `,"labels":${JSON.stringify(labels)}`
    return `{"kind":"${kind}","metric":"${metric}"${named},"points":[[`
  })
  const lineHeads = shapes.map(({ metric, labels }) => {
    const tags = Object.entries(labels).map(([name, value]) => `,${name}=${value}`)
    return `${metric},host=server-${server}${tags.join('')} value=`
  })
  const head =
    `{"wire":${WIRE_VERSION},"agentVersion":"0.1.0","spool":"${randomUUID()}",` + `"intervalMs":${intervalMs},"number":`
  let number = 0
  let load = Math.random()
  const move = () => {
    load = Math.min(1, Math.max(0.02, load + (Math.random() - 0.5) / 10))
    return load
  }
  return {
    series: shapes.length,
    batch(at, overMs) {
      number += 1
      const now = move()
      let text = `${head}${number},"series":[`
      for (const [index, { kind, value }] of shapes.entries()) {
        text += `${index === 0 ? '' : ','}${heads[index]}${at},${value(now)}${kind === 'delta' ? `,${overMs}` : ''}]]}`
      }
      return { number, text: `${text}]}` }
    },
    lines(at) {
      const now = move()
      let text = ''
      for (const [index, { value }] of shapes.entries()) text += `${lineHeads[index]}${value(now)} ${at}\n`
      return text
    },
  }
}
