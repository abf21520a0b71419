// A city to look at: every kind of thing that the pages show, told by real agents, simulated routers and machines that
// exist on the wire only. It lives on (samples keep coming) until it is stopped.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WireSeries } from '../../protocol/batch.ts'
import { RTT_STATS } from '../../protocol/probe-words.ts'
import { call, startCollector, type TestCollector, untilTrue } from './collector.ts'
import { startNamedAgent } from './named-agent.ts'
import { fillRegisters } from './picture-registers.ts'
import { seedBackupCity } from './seed-backup-city.ts'
import { PASSWORD } from './sign-up.ts'

import { enrolTestAgent, gauge, type TestAgent } from './test-agent.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
const RECORDINGS = fileURLToPath(new URL('../fixtures/snmp/', import.meta.url))
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const BEAT_MS = 5_000
const SIMULATED_PORT = 26_100
const SIMULATED = [
  ...['mikrotik-routeros', 'cisco-ios', 'juniper-junos', 'hp-procurve', 'ubiquiti-unifi', 'apc-ups', 'synology-dsm'],
  ...['fortinet-fortigate', 'mikrotik-swos', 'huawei-vrp'],
]
/** Played a second time: what has the serial of another is a question for a person. */
const TWICE = 'mikrotik-routeros'
const SERVERS = [
  ...['srv-simpeg-aplikasi-01', 'srv-simpeg-basisdata-01', 'srv-web-portal', 'srv-surel', 'srv-dns-1', 'srv-dns-2'],
  ...['srv-spbe-gateway', 'srv-esign', 'srv-jdih', 'srv-siakad', 'srv-rsud-simrs', 'srv-cctv-rekam', 'srv-cadangan'],
  ...['srv-pajak-app', 'srv-pajak-db', 'srv-perizinan-oss', 'srv-absensi', 'srv-log-terpusat'],
]
const [FULL, SILENT, MAINTAINED] = ['srv-cctv-rekam', 'srv-absensi', 'srv-jdih']

export type PictureCity = { collector: TestCollector; stop(): Promise<void> }
type Told = { name: string; agent: TestAgent }

export async function startPictureCity(): Promise<PictureCity> {
  const place = mkdtempSync(join(tmpdir(), 'pantau-city-'))
  const collector = await startCollector({
    settings: { place: 'Kota Contoh', regulation: 'depok-2021-40', nocAgent: { enabled: true, intervalMs: BEAT_MS } },
  })
  const children: ChildProcess[] = []
  const timers: NodeJS.Timeout[] = []
  async function stop(): Promise<void> {
    for (const timer of timers) clearInterval(timer)
    for (const child of children) child.kill('SIGKILL')
    await collector.stop()
    collector.cleanUp()
    rmSync(place, { recursive: true, force: true })
  }
  try {
    for (const name of ['srv-aplikasi-nyata', 'srv-basisdata-nyata'])
      children.push(await startNamedAgent(collector, { name, place, intervalMs: BEAT_MS }))
    const said = say(collector)
    const { datasets } = await seedBackupCity(collector)
    said('backups')
    const servers = await seedServers(collector)
    said('servers')
    timers.push(setInterval(() => void beat(servers).catch(() => {}), BEAT_MS))
    children.push(...(await seedRouters(collector)))
    said('routers')
    const links = await seedNetwork(collector)
    timers.push(setInterval(() => void links().catch(() => {}), BEAT_MS))
    said('links')
    await fillRegisters(collector, datasets)
    said('registers')
    await seedPeople(collector)
    await seedWork(collector)
    said('people and work')
    return { collector, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function say(collector: TestCollector) {
  const since = Date.now()
  return (what: string) =>
    process.stderr.write(`${collector.url}: ${what} after ${Math.round((Date.now() - since) / 1_000)} s\n`)
}

/** A few hours of a working day behind them, then each beat. */
async function seedServers(collector: TestCollector): Promise<Told[]> {
  const servers: Told[] = []
  for (const name of SERVERS) {
    const agent = await enrolTestAgent(collector, { hostname: name, intervalMs: BEAT_MS })
    const now = Date.now()
    for (let ago = 300; ago > 0; ago -= 20) {
      const times = Array.from({ length: 20 }, (_, index) => now - (ago - index) * MINUTE_MS)
      await agent.deliver(times.flatMap(at => figuresOf(name, at)))
    }
    servers.push({ name, agent })
  }
  return servers
}

async function beat(servers: Told[]): Promise<void> {
  for (const { name, agent } of servers) if (name !== SILENT) await agent.deliver(figuresOf(name, Date.now()))
}

function figuresOf(name: string, at: number): WireSeries[] {
  const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const swing = Math.sin(at / HOUR_MS + seed) / 2 + Math.sin(at / MINUTE_MS / 3 + seed) / 6 + 0.55
  const busy = Math.min(0.97, Math.max(0.02, swing * (0.2 + (seed % 7) / 10)))
  const GIB = 2 ** 30
  const disk = name === FULL ? 0.993 : 0.3 + (seed % 5) / 10
  const label = { mountpoint: name === FULL ? '/srv/rekaman/kamera-persimpangan' : '/', device: 'sda1', fstype: 'ext4' }
  return [
    ...(['user', 'system', 'iowait', 'idle'] as const).map((mode, index) =>
      gauge('node_cpu_seconds_per_second', 4 * ([busy * 0.7, busy * 0.2, busy * 0.1, 1 - busy][index] ?? 0), at, {
        mode,
      }),
    ),
    ...[1, 5, 15].map(minutes => gauge(`node_load${minutes}`, busy * 4 + minutes / 10, at)),
    gauge('node_memory_MemTotal_bytes', 32 * GIB, at),
    gauge('node_memory_MemAvailable_bytes', 32 * GIB * (0.9 - busy * 0.6), at),
    gauge('node_memory_Cached_bytes', 4 * GIB, at),
    gauge('node_filesystem_size_bytes', 500 * GIB, at, label),
    gauge('node_filesystem_free_bytes', 500 * GIB * (1 - disk), at, label),
    gauge('node_filesystem_avail_bytes', 500 * GIB * (1 - disk), at, label),
    gauge('node_network_receive_bytes_per_second', busy * 8_000_000, at, { device: 'ens18' }),
    gauge('node_network_transmit_bytes_per_second', busy * 3_000_000, at, { device: 'ens18' }),
  ]
}

async function seedRouters(collector: TestCollector): Promise<ChildProcess[]> {
  const simulate = (names: string[], port: number) =>
    spawn(
      process.execPath,
      [PANTAU, 'simulate', ...names.map(name => join(RECORDINGS, `${name}.snmprec`)), '--listen', `127.0.0.1:${port}`],
      { stdio: 'ignore' },
    )
  const dying = SIMULATED.length + 10
  const children = [simulate([...SIMULATED, TWICE], SIMULATED_PORT), simulate(['zte-zxr10'], SIMULATED_PORT + dying)]
  const { id: credentialId } = await call(collector, 'createCredential', {
    body: { name: 'Router OPD', credential: { version: 'v2c', community: 'public' } },
  })
  const { agencies } = await call(collector, 'agencies')
  const ports = [...[...SIMULATED, TWICE].map((_, index) => index), dying]
  for (const port of ports) {
    await call(collector, 'addDevices', {
      body: {
        ...{ devices: [{ address: '127.0.0.1' }], credentialId, agencyId: agencies[port]?.id ?? null },
        ...{ port: SIMULATED_PORT + port, intervalMs: BEAT_MS },
      },
    })
  }
  await untilTrue('the devices are found', 120_000, async () => {
    const { devices } = await call(collector, 'devices')
    return devices.filter(({ vendor }) => vendor !== null).length >= ports.length - 1
  }).catch(error => process.stderr.write(`${error}\n`))
  children[1]?.kill('SIGKILL')
  return children
}

/** Sites, links with a poller's word for each, hours and providers. Answers what tells them each beat. */
async function seedNetwork(collector: TestCollector): Promise<() => Promise<void>> {
  const { agencies } = await call(collector, 'agencies')
  const site = async (
    name: string,
    kind: 'data-centre' | 'drc' | 'office',
    at: [number, number],
    agencyId?: string,
  ) => {
    const coordinates = { latitude: at[0], longitude: at[1] }
    return (await call(collector, 'createSite', { body: { name, kind, coordinates, agencyId: agencyId ?? null } })).id
  }
  const centre = await site('Pusat data Balai Kota', 'data-centre', [-6.4, 106.8186])
  const drc = await site('DRC Surabaya', 'drc', [-7.2575, 112.7521])
  const { servers } = await call(collector, 'wall')
  for (const [index, server] of servers.entries()) {
    const siteId = server.name === 'srv-cadangan' ? drc : centre
    const body = {
      siteId,
      agencyId: server.isPolled ? (agencies[index]?.id ?? null) : (agencies[index % 6]?.id ?? null),
    }
    await call(collector, 'placeDevice', { params: { id: server.id }, body })
  }
  const providers = await Promise.all(
    ['PT Serat Nusantara', 'PT Telekomunikasi Kota Raya Tbk', 'Lintas Data Prima'].map(name =>
      call(collector, 'createProvider', { body: { name, contact: 'NOC 021-5550123, noc@penyedia.example' } }),
    ),
  )
  const office = [{ from: '07:30', to: '16:00' }]
  const hours = { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office }
  const calendar = await call(collector, 'createCalendar', {
    body: { name: 'Jam kantor', definition: { kind: 'hours', hours, holidays: ['2026-12-25', '2027-01-01'] } },
  })
  const poller = await enrolTestAgent(collector, { hostname: 'poller-kecamatan', intervalMs: BEAT_MS })
  const agentIds = (await call(collector, 'agents')).agents
    .filter(one => one.hostname === 'poller-kecamatan')
    .map(one => one.id)
  const ids: string[] = []
  for (const [index, agency] of agencies.slice(0, 32).entries()) {
    const { id } = await call(collector, 'createLink', {
      body: {
        ...{ name: `${agency.shortName} – ${index % 3 === 0 ? 'serat utama' : 'nirkabel'}`, agencyId: agency.id },
        ...{ providerId: providers[index % 3]?.id ?? null, contractNumber: `027/${120 + index}/PKS/2026` },
        ...{ committedBps: [100e6, 20e6, 1e9][index % 3] ?? null, calendarId: index % 2 ? calendar.id : null },
        ...{ near: { siteId: centre, deviceId: null, interface: null } },
      },
    })
    const check = { kind: 'icmp' as const, address: '192.0.2.1' }
    if (index !== 30) await call(collector, 'createProbe', { body: { subjectId: id, name: 'icmp', agentIds, check } })
    ids.push(id)
  }
  const [core = '', ...others] = ids
  for (const id of others.slice(0, 12))
    await call(collector, 'setParents', { params: { id }, body: { parentIds: [core] } })
  const down = new Set([4, 11])
  const series = (subject: string, metric: string, value: number, at: number, stat?: string): WireSeries => ({
    ...{ kind: 'gauge', subject, metric, points: [[at, value]] },
    labels: { probe: 'icmp', ...(stat === undefined ? {} : { stat }) },
  })
  const figures = (subject: string, index: number, at: number): WireSeries[] => {
    const slow = (4 + index + 3 * Math.sin(at / MINUTE_MS / 9 + index)) / 1_000
    const stats = RTT_STATS.map((stat, step) =>
      series(subject, 'probe_icmp_rtt_seconds', slow * (0.8 + step * 0.1), at, stat),
    )
    return [...stats, series(subject, 'probe_icmp_loss_ratio', 0.02 * (index % 4), at)]
  }
  const tell = (at: number, isDown: (index: number) => boolean) =>
    poller.deliver(
      ids.flatMap((subject, index): WireSeries[] => {
        if (index === 30) return []
        const isUp = !isDown(index)
        return [series(subject, 'probe_up', isUp ? 1 : 0, at), ...(isUp ? figures(subject, index, at) : [])]
      }),
    )
  for (let ago = 300; ago > 2; ago -= 5)
    await poller.deliver(ids.slice(0, 8).flatMap((id, index) => figures(id, index, Date.now() - ago * MINUTE_MS)))
  await tell(Date.now() - 2 * MINUTE_MS, () => false)
  await tell(Date.now() - 80_000, index => index === 7 || index === 8)
  await tell(Date.now() - 20_000, () => false)
  return async () => void (await tell(Date.now(), index => down.has(index)))
}

async function seedPeople(collector: TestCollector): Promise<void> {
  for (const [name, displayName, role] of [
    ['sari', 'Sari Wulandari, S.Kom., M.T.', 'operator'],
    ['budi', 'Budi Santoso', 'operator'],
    ['auditor', 'Inspektorat Daerah', 'viewer'],
  ] as const)
    await call(collector, 'createUser', { body: { name, displayName, role, password: PASSWORD } })
  const { users } = await call(collector, 'users')
  const gone = users.find(({ name }) => name === 'budi')
  if (gone !== undefined) await call(collector, 'updateUser', { params: { id: gone.id }, body: { disabled: true } })
  await call(collector, 'createApiToken', {
    body: { label: 'dasbor pimpinan', scopes: ['read'], validForS: 86_400 * 90 },
  })
  await call(collector, 'createApiToken', {
    body: { label: 'cadangan inventaris', scopes: ['read', 'inventory:write'] },
  })
  await call(collector, 'createWriter', { body: { name: 'telegraf-kecamatan', intervalMs: 10_000, maxHosts: 20 } })
  await call(collector, 'createRouter', { body: { name: 'openwrt-kelurahan', system: 'openwrt' } })
  await call(collector, 'createEnrolmentToken', { body: { label: 'server gelombang dua', uses: 12 } })
  const settings = { url: 'http://127.0.0.1:9/pantau', secret: 'rahasia-untuk-tanda-tangan' }
  await call(collector, 'createChannel', {
    body: { name: 'Piket Diskominfo', kind: 'webhook', settings, minimumSeverity: 'high' },
  })
}

/** Planned work, incidents that people work on, a setting of the city. */
async function seedWork(collector: TestCollector): Promise<void> {
  const { servers } = await call(collector, 'wall')
  const maintained = servers.find(({ name }) => name === MAINTAINED)?.id ?? ''
  const { links } = await call(collector, 'links')
  const now = Date.now()
  const declare = (title: string, from: number, to: number, subjects: { kind: 'device' | 'link'; id: string }[]) =>
    call(collector, 'declareMaintenance', {
      body: { title, reason: 'Permintaan layanan 118/2026', timing: { kind: 'once', from, to }, subjects },
    })
  await declare('Ganti catu daya rak 3', now + 2_000, now + 12 * HOUR_MS, [{ kind: 'device', id: maintained }])
  await declare('Ganti modul serat', now - 48 * HOUR_MS, now - 46 * HOUR_MS, [{ kind: 'link', id: links[3]?.id ?? '' }])
  await declare('Pindah jalur Kec. Jebres', now + 48 * HOUR_MS, now + 50 * HOUR_MS, [
    { kind: 'link', id: links[5]?.id ?? '' },
  ])
  const timing = {
    kind: 'weekly' as const,
    days: ['sunday' as const],
    from: '01:00',
    lastsMinutes: 120,
    firstDay: '2026-11-01',
  }
  await call(collector, 'declareMaintenance', {
    body: { title: 'Pembaruan mingguan', timing, subjects: [{ kind: 'link', id: links[0]?.id ?? '' }] },
  })
  const open = await untilTrue('incidents', 120_000, async () => {
    const { incidents } = await call(collector, 'incidents', { query: {} })
    return incidents.length >= 6 ? incidents : null
  })
  const [first, second, third] = open
  if (first) await call(collector, 'acknowledgeIncident', { params: { id: first.id }, body: {} })
  if (first)
    await call(collector, 'noteIncident', {
      params: { id: first.id },
      body: { note: 'Teknisi penyedia menuju lokasi, perkiraan tiba 30 menit.' },
    })
  if (second) await call(collector, 'resolveIncident', { params: { id: second.id }, body: { note: 'Modul diganti.' } })
  if (third)
    await call(collector, 'noteIncident', {
      params: { id: third.id },
      body: { note: 'Berkas rekaman lama dipindah ke arsip.' },
    })
}
