import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../agent/platform/clock.ts'
import { createCertificatesSource, firstToEnd } from '../../../../agent/sources/host/certificates.ts'
import { createHwmonSource } from '../../../../agent/sources/host/hwmon.ts'
import { parseProcessNames } from '../../../../agent/sources/host/process-names.ts'
import { createProcessesSource } from '../../../../agent/sources/host/processes.ts'
import { countUsers, createUsersSource, UTMP_BYTES } from '../../../../agent/sources/host/users.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { readNow } from '../../support/read-now.ts'
import { scratchDirectory, writeTree } from '../../support/scratch.ts'

const signal = new AbortController().signal

describe('people who are logged in', () => {
  /** A record of utmp(5) as login(1) writes it. */
  const record = (type: number, pid: number, user: string, bytes: number): Buffer => {
    const utmp = Buffer.alloc(bytes)
    utmp.writeInt16LE(type, 0)
    utmp.writeInt32LE(pid, 4)
    utmp.write('pts/0', 8)
    utmp.write(user, 44)
    return utmp
  }
  const BOOT = 2
  const USER = 7
  const DEAD = 8

  it('are counted and never named', async () => {
    const runRoot = scratchDirectory()
    for (const [arch, bytes] of Object.entries(UTMP_BYTES)) {
      const utmp = Buffer.concat([
        ...[record(BOOT, 0, 'reboot', bytes), record(USER, 100, 'siti', bytes)],
        ...[record(USER, 101, 'budi', bytes), record(DEAD, 102, '', bytes), record(USER, 103, '', bytes)],
      ])
      expect(countUsers(utmp, bytes)).toBe(2)
      writeFileSync(join(runRoot, 'utmp'), utmp)
      const { gauges } = await readNow(createUsersSource({ runRoot, arch }))
      expect(gauges).toEqual([{ metric: 'node_users_logged_in', value: 2 }])
    }
    expect(() => countUsers(Buffer.alloc(385), 384)).toThrow('whole records')
    expect(await createUsersSource({ runRoot: scratchDirectory() }).read(signal)).toBe('not-offered')
  })

  it('are as many as `who` finds in the same file', () => {
    const file = join(scratchDirectory(), 'utmp')
    const bytes = process.arch === 'arm64' ? UTMP_BYTES.arm64 : UTMP_BYTES.x64
    writeFileSync(
      file,
      Buffer.concat([record(USER, process.pid, 'siti', bytes), record(USER, process.pid, 'budi', bytes)]),
    )
    const seen = execFileSync('who', [file], { encoding: 'utf8' }).trim().split('\n')
    expect(countUsers(readFileSync(file), bytes)).toBe(seen.length)
  })
})

describe('sensors', () => {
  it('are temperatures in degrees and fans in turns, with their limits where they make sense', async () => {
    const sysRoot = scratchDirectory()
    writeTree(sysRoot, {
      'class/hwmon/hwmon0/name': 'coretemp\n',
      'class/hwmon/hwmon0/temp1_input': '47000\n',
      'class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
      'class/hwmon/hwmon0/temp1_crit': '100000\n',
      'class/hwmon/hwmon0/temp1_max': '0\n',
      'class/hwmon/hwmon1/name': 'nct6775\n',
      'class/hwmon/hwmon1/fan2_input': '1260\n',
      'class/hwmon/hwmon1/temp3_input': 'nonsense\n',
      'class/hwmon/hwmon1/in0_input': '1000\n',
      'class/hwmon/hwmon2/name': 'coretemp\n',
      'class/hwmon/hwmon2/temp1_input': '-5500\n',
    })
    const { gauges } = await readNow(createHwmonSource({ sysRoot }))
    const one = { chip: 'coretemp', sensor: 'temp1', label: 'Package id 0' }
    expect(gauges).toEqual([
      { metric: 'node_hwmon_temp_celsius', labels: one, value: 47 },
      { metric: 'node_hwmon_temp_crit_celsius', labels: one, value: 100 },
      { metric: 'node_hwmon_fan_rpm', labels: { chip: 'nct6775', sensor: 'fan2' }, value: 1260 },
      { metric: 'node_hwmon_temp_celsius', labels: { chip: 'coretemp_2', sensor: 'temp1' }, value: -5.5 },
    ])
    expect(await createHwmonSource({ sysRoot: scratchDirectory() }).read(signal)).toBe('not-offered')
  })
})

describe('processes', () => {
  it('are counted, and the named ones by name or command line, with nothing running as zero', async () => {
    const marker = `pantau-marker-${process.pid}`
    const children = [1, 2].map(() => spawn('sleep', ['300'], { argv0: marker, stdio: 'ignore' }))
    onTestFinished(() => {
      for (const child of children) child.kill('SIGKILL')
    })
    const names = parseProcessNames(['sleepers=pantau-marker', 'no-such-program', 'node'])
    if (typeof names === 'string') throw new Error(names)
    const { gauges } = await readNow(createProcessesSource({ procRoot: '/proc', names }))
    const of = (metric: string, groupname?: string) =>
      Number(gauges.find(one => one.metric === metric && one.labels?.groupname === groupname)?.value)
    expect(of('namedprocess_namegroup_num_procs', 'sleepers')).toBe(2)
    expect(of('namedprocess_namegroup_memory_bytes', 'sleepers')).toBeGreaterThan(0)
    expect(of('namedprocess_namegroup_num_procs', 'no-such-program')).toBe(0)
    const counted = readdirSync('/proc').filter(name => /^\d+$/.test(name)).length
    expect(Math.abs(of('node_processes_pids') - counted)).toBeLessThan(30)
    expect(of('node_procs_running')).toBeGreaterThan(0)
  })
})

describe('certificates on disk', () => {
  it('have so many days left, the shortest of a chain, with the issuer as a fact', async () => {
    const [short, long] = [makeCertificate(5, 'short.go.id'), makeCertificate(400, 'long.go.id')]
    const chain = join(scratchDirectory(), 'chain.pem')
    writeFileSync(chain, `${long.cert}\n${long.key}\n${short.cert}`)
    const paths = [long.certFile, chain, long.keyFile, '/nowhere.pem']
    const { gauges, facts = [] } = await readNow(createCertificatesSource({ paths, clock: systemClock }))
    const of = (metric: string, path: string) =>
      gauges.find(one => one.metric === metric && one.labels?.path === path)?.value
    expect(of('pantau_certificate_days_left', chain)).toBeCloseTo(5, 1)
    expect(of('pantau_certificate_days_left', long.certFile)).toBeCloseTo(400, 1)
    expect(paths.map(path => of('pantau_certificate_error', path))).toEqual([0, 0, 1, 1])
    expect(facts.find(({ name }) => name.endsWith('chain.pem.issuer'))?.value).toBe('CN=short.go.id')
    expect(JSON.stringify([gauges, facts])).not.toContain('PRIVATE')
  })

  it('that have ended are below zero, by the clock that is handed in', async () => {
    const { certFile } = makeCertificate(5)
    const clock = { nowMs: () => Date.now() + 6 * 86_400_000, monotonicMs: () => 0 }
    const { gauges } = await readNow(createCertificatesSource({ paths: [certFile], clock }))
    expect(gauges[0]?.value).toBeCloseTo(-1, 1)
    expect(await createCertificatesSource({ paths: [], clock }).read(signal)).toBe('not-offered')
  })

  it('end when openssl says so', () => {
    const { certFile } = makeCertificate(33)
    const told = execFileSync('openssl', ['x509', '-in', certFile, '-noout', '-enddate'], { encoding: 'utf8' })
    expect(firstToEnd(readFileSync(certFile)).notAfterMs).toBe(Date.parse(told.replace('notAfter=', '')))
  })
})
