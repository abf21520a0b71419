import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSmartSource, parseScan, smartGauges } from '../../../../agent/sources/host/smart.ts'
import { createSystemdSource, parseUnits, timerGauges, unitGauges } from '../../../../agent/sources/host/systemd.ts'
import { createTimeOffsetSource, parseTimedatectl, parseTracking } from '../../../../agent/sources/host/time-offset.ts'
import {
  createRebootRequiredSource,
  createUpdatesSource,
  parseAptSimulation,
} from '../../../../agent/sources/host/updates.ts'
import { readNow } from '../../support/read-now.ts'
import { scratchDirectory, writeTree } from '../../support/scratch.ts'

const signal = new AbortController().signal

/** A program that prints this, for a machine that has it. */
function program(text: string, exitCode = 0): string {
  const path = join(scratchDirectory(), 'program')
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${exitCode}\n`)
  chmodSync(path, 0o755)
  return path
}

describe('pending updates', () => {
  it('are counted by where they come from', () => {
    const output = `NOTE: This is only a simulation!
Reading package lists...
Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])
Inst liblzma-dev [5.4.1-1] (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64]) []
Inst linux-image-6.1.0-99-amd64 (6.1.99-1 Debian-Security:12/oldstable-security [amd64])
Inst openssl [3.0.2] (3.0.2-0ubuntu1.18 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])
Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])
`
    expect(parseAptSimulation(output)).toEqual({ security: 4, other: 1 })
    expect(parseAptSimulation('')).toEqual({ security: 0, other: 0 })
  })

  it('of this machine are as many as apt-get itself counts', async () => {
    const { gauges } = await readNow(createUpdatesSource({ everyMs: 1 }))
    const told = gauges.reduce((sum, { value }) => sum + Number(value), 0)
    const simulation = execFileSync('apt-get', ['-s', '-o', 'Debug::NoLocking=true', 'dist-upgrade'], {
      encoding: 'utf8',
    })
    expect(told).toBe(simulation.split('\n').filter(line => line.startsWith('Inst ')).length)
  }, 120_000)

  it('are not offered without apt, and a failing apt is a failure', async () => {
    expect(await createUpdatesSource({ everyMs: 1, programs: ['/nowhere/apt-get'] }).read(signal)).toBe('not-offered')
    await expect(createUpdatesSource({ everyMs: 1, programs: [program('', 100)] }).read(signal)).rejects.toThrow('100')
  })

  it('may want a restart, which is a file in /run', async () => {
    const runRoot = scratchDirectory()
    const source = createRebootRequiredSource({ runRoot, debianMark: '/etc/passwd' })
    expect((await readNow(source)).gauges).toEqual([{ metric: 'node_reboot_required', value: 0 }])
    writeTree(runRoot, { 'reboot-required': '*** System restart required ***\n' })
    expect((await readNow(source)).gauges).toEqual([{ metric: 'node_reboot_required', value: 1 }])
    expect(await createRebootRequiredSource({ runRoot, debianMark: '/nowhere' }).read(signal)).toBe('not-offered')
  })
})

describe('the time', () => {
  const TRACKING =
    'A29FC87B,162.159.200.123,4,1763779200.123456789,-0.000025371,0.000010000,0.000030000,-12.345,0.001,0.050,0.0100,0.0005,1040.5,Normal'

  it('is off by what chrony says, or only known to be kept by systemd', () => {
    expect(parseTracking(TRACKING)).toEqual({ offsetS: -0.000025371, isSynchronised: true })
    expect(parseTracking('7F7F0101,,10,0.0,0.000000001,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,Not synchronised')).toEqual({
      ...{ offsetS: 0.000000001, isSynchronised: false },
    })
    expect(() => parseTracking('506 Cannot talk to daemon')).toThrow('chronyc')
    expect([parseTimedatectl('yes\n'), parseTimedatectl('no')]).toEqual([true, false])
    expect(() => parseTimedatectl('maybe')).toThrow('timedatectl')
  })

  it('is asked of the first that answers, and not offered where none does', async () => {
    const source = (chronyc: string, timedatectl: string) =>
      createTimeOffsetSource({ everyMs: 1, chronyc: [chronyc], timedatectl: [timedatectl] })
    expect((await readNow(source(program(TRACKING), '/nowhere'))).gauges).toEqual([
      { metric: 'node_timex_offset_seconds', labels: { by: 'chrony' }, value: -0.000025371 },
      { metric: 'node_timex_sync_status', labels: { by: 'chrony' }, value: 1 },
    ])
    expect((await readNow(source(program('506 Cannot talk to daemon', 1), program('no')))).gauges).toEqual([
      { metric: 'node_timex_sync_status', labels: { by: 'systemd' }, value: 0 },
    ])
    expect(await source('/nowhere', '/nowhere').read(signal)).toBe('not-offered')
    expect(await source(program('', 1), program('', 1)).read(signal)).toBe('not-offered')
  })
})

describe('SMART', () => {
  const ATA = {
    smart_status: { passed: false },
    temperature: { current: 38 },
    power_on_time: { hours: 26_304 },
    ata_smart_attributes: {
      table: [
        { id: 5, name: 'Reallocated_Sector_Ct', raw: { value: 24, string: '24' } },
        { id: 197, name: 'Current_Pending_Sector', raw: { value: 3, string: '3' } },
      ],
    },
  }
  const NVME = {
    smart_status: { passed: true, nvme: { value: 0 } },
    nvme_smart_health_information_log: { percentage_used: 7, media_errors: 0 },
    temperature: { current: 41 },
  }
  const told = (device: string, found: unknown) =>
    Object.fromEntries(smartGauges(device, JSON.stringify(found)).map(({ metric, value }) => [metric, value]))

  it('tells of a disk whether it is sound, and what foretells its end', () => {
    expect(told('/dev/sda', ATA)).toEqual({
      smartctl_device_smart_status: 0,
      smartctl_device_temperature_celsius: 38,
      smartctl_device_power_on_hours: 26_304,
      smartctl_device_reallocated_sectors: 24,
      smartctl_device_pending_sectors: 3,
    })
    expect(told('/dev/nvme0', NVME)).toMatchObject({
      smartctl_device_smart_status: 1,
      smartctl_device_percentage_used: 7,
    })
  })

  it('of the real smartctl is nothing where it finds no disk, and only paths of devices are handed back to it', async () => {
    const scan = execFileSync('/usr/sbin/smartctl', ['--scan', '--json'], { encoding: 'utf8' })
    const reading = await createSmartSource({ everyMs: 1 }).read(signal)
    if (parseScan(scan).length === 0) expect(reading).toBe('not-offered')
    else expect(reading === 'not-offered' || reading.gauges.every(({ labels }) => labels?.device !== '')).toBe(true)
    expect(await createSmartSource({ everyMs: 1, programs: ['/nowhere'] }).read(signal)).toBe('not-offered')
    expect(
      parseScan('{"devices":[{"name":"/dev/sda","type":"sat"},{"name":"-x","type":"y"},{"name":"/dev/b"}]}'),
    ).toEqual([{ name: '/dev/sda', type: 'sat' }])
  })
})

describe('systemd', () => {
  const UNITS = `  cron.service                loaded    active   running Regular background program processing daemon
● nginx.service               loaded    failed   failed  A high performance web server
  gone.service                not-found inactive dead    gone.service
  apt-daily.timer             loaded    active   waiting Daily apt download activities
  rc-local.service            loaded    inactive dead    /etc/rc.local Compatibility`
  const TIMERS = `Id=apt-daily.timer
LastTriggerUSec=@1763762400
NextElapseUSecRealtime=@1763805600

Id=never.timer
LastTriggerUSec=n/a
NextElapseUSecRealtime=
`

  it('tells how many units are in which state, and names what failed', () => {
    const units = parseUnits(UNITS)
    expect(units.map(({ name }) => name)).toEqual([
      ...['cron.service', 'nginx.service', 'apt-daily.timer', 'rc-local.service'],
    ])
    const gauges = unitGauges(units)
    const inState = (state: string) =>
      gauges.find(({ metric, labels }) => metric === 'node_systemd_units' && labels?.state === state)?.value
    expect(['active', 'failed', 'inactive', 'activating'].map(inState)).toEqual([2, 1, 1, 0])
    expect(gauges.filter(({ metric }) => metric === 'node_systemd_unit_state')).toEqual([
      { metric: 'node_systemd_unit_state', labels: { name: 'nginx.service', state: 'failed' }, value: 1 },
    ])
  })

  it('tells when timers ran and will run, and nothing of one that never did', () => {
    expect(timerGauges(TIMERS)).toEqual([
      ...[
        {
          metric: 'node_systemd_timer_last_trigger_seconds',
          labels: { name: 'apt-daily.timer' },
          value: 1_763_762_400,
        },
      ],
      ...[
        { metric: 'node_systemd_timer_next_elapse_seconds', labels: { name: 'apt-daily.timer' }, value: 1_763_805_600 },
      ],
    ])
    expect(timerGauges('')).toEqual([])
  })

  it('is not offered where it does not run the machine, and asked where it does', async () => {
    const runRoot = scratchDirectory()
    const source = createSystemdSource({ runRoot, everyMs: 1, programs: [program(UNITS)] })
    expect(await source.read(signal)).toBe('not-offered')
    mkdirSync(join(runRoot, 'systemd/system'), { recursive: true })
    expect((await readNow(source)).gauges.length).toBeGreaterThan(5)
    const broken = createSystemdSource({ runRoot, everyMs: 1, programs: [program('', 1)] })
    await expect(broken.read(signal)).rejects.toThrow('systemctl')
  })
})
