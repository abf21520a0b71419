import { describe, expect, test } from 'vitest'
import { type Labels, type Series, seriesKey } from '../../../dashboard/src/charts/series.ts'
import {
  cpuLines,
  filesystemLines,
  memoryLines,
  networkDevices,
  networkLines,
} from '../../../dashboard/src/charts/server-graphs.ts'

function all(...series: [metric: string, labels: Labels, values: (number | null)[]][]): Map<string, Series> {
  return new Map(
    series.map(([metric, labels, values]) => [
      seriesKey(metric, labels),
      { metric, labels, points: values.map((value, index) => [index * 10, value] as const) },
    ]),
  )
}
const cpu = (mode: string, ...values: (number | null)[]): [string, Labels, (number | null)[]] => [
  'node_cpu_seconds_per_second',
  { mode },
  values,
]

describe('the graphs of a server', () => {
  test('CPU is the share of all CPUs, stacked: two of four busy is half', () => {
    const lines = cpuLines(all(cpu('user', 1), cpu('nice', 0.5), cpu('system', 0.5), cpu('idle', 2)))
    expect(lines.map(line => [line.name, line.points])).toEqual([
      ['user', [[0, 0.375]]],
      ['system', [[0, 0.5]]],
    ])
    expect(lines.map(line => line.fill)).toEqual(['zero', 'previous'])
  })

  test('an instant without CPU figures stays empty', () => {
    const [user] = cpuLines(all(cpu('user', 1, null, 1), cpu('idle', 3, null, 3)))
    expect(user?.points.map(([at]) => at)).toEqual([0, 20])
  })

  test('memory: used is what is not available, buffers and cache lie on it, never above the total', () => {
    const lines = memoryLines(
      all(
        ['node_memory_MemTotal_bytes', {}, [100]],
        ['node_memory_MemAvailable_bytes', {}, [60]],
        ['node_memory_Buffers_bytes', {}, [10]],
        ['node_memory_Cached_bytes', {}, [55]],
      ),
    )
    expect(lines.map(line => [line.name, line.points[0]?.[1]])).toEqual([
      ['used', 40],
      ['cache', 100],
      ['total', 100],
    ])
    expect(memoryLines(all(['node_memory_MemTotal_bytes', {}, [100]]))).toEqual([])
  })

  test('filesystems as df counts: the fullest first, a size without its free space is not guessed', () => {
    const mount = (mountpoint: string) => ({ mountpoint, device: 'x', fstype: 'ext4' })
    const lines = filesystemLines(
      all(
        ['node_filesystem_size_bytes', mount('/'), [100]],
        ['node_filesystem_free_bytes', mount('/'), [60]],
        ['node_filesystem_avail_bytes', mount('/'), [40]],
        ['node_filesystem_size_bytes', mount('/srv'), [100]],
        ['node_filesystem_free_bytes', mount('/srv'), [10]],
        ['node_filesystem_avail_bytes', mount('/srv'), [10]],
        ['node_filesystem_size_bytes', mount('/dead-nfs'), [100]],
      ),
    )
    expect(lines.map(line => [line.name, line.points[0]?.[1]])).toEqual([
      ['/srv', 0.9],
      ['/', 0.5],
    ])
  })

  test('network: bits, in above zero and out below it, without the loopback', () => {
    const series = all(
      ['node_network_receive_bytes_per_second', { device: 'eno1' }, [1_000]],
      ['node_network_receive_bytes_per_second', { device: 'eno2' }, [500]],
      ['node_network_receive_bytes_per_second', { device: 'lo' }, [9_999]],
      ['node_network_transmit_bytes_per_second', { device: 'eno1' }, [250]],
    )
    expect(networkDevices(series)).toEqual(['eno1', 'eno2', 'lo'])
    expect(networkLines(series, null).map(line => line.points[0]?.[1])).toEqual([12_000, -2_000])
    expect(networkLines(series, 'eno2').map(line => line.points[0]?.[1])).toEqual([4_000, undefined])
  })
})
