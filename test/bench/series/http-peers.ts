// InfluxDB 1.x and VictoriaMetrics from Debian, each with a directory of its own on loopback, written to by line protocol.
import type { ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, City } from './city.ts'
import { directoryBytes, type Peer, processCpuSeconds, processRss } from './peer.ts'
import { startPeerProcess } from './peer-process.ts'

/** Null where the package is not installed. */
export async function openPeer(
  kind: 'influxdb' | 'victoria-metrics',
  directory: string,
  city: City,
): Promise<Peer | null> {
  const started = await startPeerProcess(kind, directory)
  if (started === null) return null
  const { child, port, stop } = started
  const http = createHttp(port)
  await http.ready(kind === 'influxdb' ? '/ping' : '/health', child)
  if (kind === 'influxdb')
    await http.post('/query', `q=${encodeURIComponent('CREATE DATABASE city')}`, 'application/x-www-form-urlencoded')

  const line = (series: number) => {
    const { subjectId, metric, labels } = city.keys[series] ?? { subjectId: '', metric: '', labels: {} }
    return `${metric},subject=${subjectId}${Object.entries(labels)
      .map(([name, value]) => `,${name}=${value}`)
      .join('')} v=`
  }
  const heads = city.keys.map((_, series) => line(series))
  const shared = {
    name: kind,
    prepare({ series, ats, values, length }: Batch): Buffer {
      const lines: string[] = new Array(length)
      for (let index = 0; index < length; index++)
        lines[index] = `${heads[series[index] ?? 0]}${values[index]} ${ats[index]}`
      return Buffer.from(lines.join('\n'))
    },
    rssBytes: () => processRss(child.pid ?? 0),
    cpuSeconds: () => processCpuSeconds(child.pid ?? 0),
    bytes: () => ({ samples: directoryBytes(directory) }),
    async close() {
      await stop()
      http.close()
    },
  }
  return kind === 'influxdb' ? { ...shared, ...influx(http, city) } : { ...shared, ...victoria(http, city) }
}

type Http = ReturnType<typeof createHttp>

function createHttp(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  function send(method: string, path: string, body?: Buffer | string, type = 'text/plain'): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, method, path, agent, headers: { 'content-type': type } },
        response => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => {
            const text = Buffer.concat(parts).toString()
            if ((response.statusCode ?? 500) >= 300)
              reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 300)}`))
            else resolve(text)
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }
  return {
    post: (path: string, body: Buffer | string, type?: string) => send('POST', path, body, type),
    get: (path: string) => send('GET', path),
    async ready(path: string, child: ChildProcess) {
      for (let tries = 0; tries < 300; tries++) {
        if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended by itself`)
        if (
          await send('GET', path).then(
            () => true,
            () => false,
          )
        )
          return
        await sleep(100)
      }
      throw new Error(`${child.spawnfile} does not answer`)
    },
    close: () => agent.destroy(),
  }
}

function influx(
  http: Http,
  city: City,
): Omit<Peer, 'name' | 'prepare' | 'rssBytes' | 'cpuSeconds' | 'bytes' | 'close'> {
  const where = (series: number, from: number, to: number) => {
    const { metric, subjectId, labels } = city.keys[series] ?? { metric: '', subjectId: '', labels: {} }
    const tags = Object.entries({ subject: subjectId, ...labels }).map(([name, value]) => `"${name}" = '${value}'`)
    return `FROM "${metric}" WHERE ${tags.join(' AND ')} AND time >= ${from}ms AND time < ${to}ms`
  }
  async function ask(statement: string): Promise<{ values: unknown[][] }[]> {
    const text = await http.get(`/query?db=city&epoch=ms&q=${encodeURIComponent(statement)}`)
    const { results } = JSON.parse(text) as { results: { series?: { values: unknown[][] }[]; error?: string }[] }
    if (results[0]?.error !== undefined) throw new Error(results[0].error)
    return results[0]?.series ?? []
  }
  return {
    write: async body => void (await http.post('/write?db=city&precision=ms', body as Buffer)),
    settle: () => sleep(2_000),
    average: async (series, from, to, stepMs) =>
      (await ask(`SELECT mean(v) ${where(series, from, to)} GROUP BY time(${stepMs}ms)`))[0]?.values.length ?? 0,
    raw: async (series, from, to) => (await ask(`SELECT v ${where(series, from, to)}`))[0]?.values.length ?? 0,
    latest: async () => (await ask('SELECT last(v) FROM /.*/ GROUP BY *')).length,
    async percentiles(series, from, to) {
      const names = series.map(one => city.keys[one]?.subjectId ?? '').join('|')
      const rates = `SELECT non_negative_derivative(last(v), 1s) AS r FROM if_octets_total
        WHERE subject =~ /^(${names})$/ AND direction = 'in' AND time >= ${from}ms AND time < ${to}ms GROUP BY time(5m), subject`
      return (await ask(`SELECT percentile(r, 95) FROM (${rates}) GROUP BY subject`)).length
    },
  }
}

function victoria(
  http: Http,
  city: City,
): Omit<Peer, 'name' | 'prepare' | 'rssBytes' | 'cpuSeconds' | 'bytes' | 'close'> {
  const selector = (series: number) => {
    const { metric, subjectId, labels } = city.keys[series] ?? { metric: '', subjectId: '', labels: {} }
    const tags = Object.entries({ subject: subjectId, ...labels }).map(([name, value]) => `${name}="${value}"`)
    return `${metric}_v{${tags.join(',')}}`
  }
  let newest = 0
  async function ask(
    path: string,
    parameters: Record<string, string | number>,
  ): Promise<{ values?: unknown[]; value?: unknown }[]> {
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
    const { data } = JSON.parse(await http.get(`${path}?${query}`)) as {
      data: { result: { values?: unknown[]; value?: unknown }[] }
    }
    return data.result
  }
  return {
    write: async body => void (await http.post('/write?precision=ms', body as Buffer)),
    async settle(at) {
      newest = at
      await http.get('/internal/force_flush')
      await sleep(2_000)
    },
    async average(series, from, to, stepMs) {
      const [found] = await ask('/api/v1/query_range', {
        ...{
          query: `avg_over_time(${selector(series)}[${stepMs}ms])`,
          start: from / 1000 + stepMs / 1000,
          end: to / 1000,
        },
        ...{ step: `${stepMs}ms`, nocache: 1 },
      })
      return found?.values?.length ?? 0
    },
    async raw(series, from, to) {
      const parameters = new URLSearchParams([
        ['match[]', selector(series)],
        ['start', String(from / 1000)],
        ['end', String(to / 1000)],
      ])
      const [first] = (await http.get(`/api/v1/export?${parameters}`)).split('\n')
      return (JSON.parse(first ?? '{"values":[]}') as { values: unknown[] }).values.length
    },
    latest: async () =>
      (
        await ask('/api/v1/query', {
          query: 'last_over_time({__name__=~".+_v"}[31d])',
          time: newest / 1000,
          nocache: 1,
        })
      ).length,
    async percentiles(series, from, to) {
      const names = series.map(one => city.keys[one]?.subjectId ?? '').join('|')
      const rates = `rate(if_octets_total_v{subject=~"${names}",direction="in"}[5m])`
      const days = Math.round((to - from) / 86_400_000)
      return (
        await ask('/api/v1/query', {
          query: `quantile_over_time(0.95, ${rates}[${days}d:5m])`,
          time: to / 1000,
          nocache: 1,
        })
      ).length
    },
  }
}
