// What the tests need beside npm packages, in one place, and how it comes onto a Debian machine.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

export const CHROMIUM_PATH = '/usr/bin/chromium'
/** Debian's own Python: a `python3` earlier on the PATH would not see Debian's packages. */
export const PYTHON_PATH = '/usr/bin/python3'
export const INFLUXD_PATH = '/usr/bin/influxd'
export const ICINGA_PATH = '/usr/sbin/icinga2'
export const SNMPD_PATH = '/usr/sbin/snmpd'
export const FPING_PATH = '/usr/bin/fping'
/** Debian keeps the programs of each major version apart. */
export const POSTGRESQL_PATH = '/usr/lib/postgresql/15/bin'
export const MARIADBD_PATH = '/usr/sbin/mariadbd'
export const IP_PATH = existsSync('/usr/sbin/ip') ? '/usr/sbin/ip' : '/sbin/ip'

export type Needed = {
  package: string
  why: string
  /** A command that ends with 0 where the thing is there, however it came. */
  probe: [command: string, ...args: string[]]
  /** The service that comes with it. Tests start their own; the system's shall stay off. */
  service?: string
}

export const NEEDED: readonly Needed[] = [
  { package: 'chromium', why: 'a real browser looks at the wallboard', probe: [CHROMIUM_PATH, '--version'] },
  {
    package: 'python3-aiosmtpd',
    why: 'a real SMTP server takes the mail that Pantau sends',
    probe: [PYTHON_PATH, '-c', 'import aiosmtpd.controller'],
  },
  { package: 'openssl', why: 'certificates for TLS are made by somebody else', probe: ['openssl', 'version'] },
  { package: 'iproute2', why: 'network interfaces for tests are made with it', probe: [IP_PATH, '-V'] },
  {
    package: 'influxdb',
    why: 'a real InfluxDB 1.x keeps samples, and reads the same lines as we do',
    probe: [INFLUXD_PATH, 'version'],
    service: 'influxdb',
  },
  {
    package: 'icinga2-bin',
    why: 'a real Icinga writes its checks by line protocol',
    probe: [ICINGA_PATH, '--version'],
    service: 'icinga2',
  },
  {
    package: 'snmpd',
    why: 'a real SNMP agent is polled',
    probe: [SNMPD_PATH, '-v'],
    service: 'snmpd',
  },
  { package: 'snmp', why: 'traps and informs of v3 come from a real sender', probe: ['snmptrap', '-V'] },
  { package: 'shellcheck', why: 'the install scripts are read by it', probe: ['shellcheck', '--version'] },
  { package: 'busybox', why: 'scripts for routers run in its shell', probe: ['busybox', 'true'] },
  { package: 'curl', why: 'installs agents as people do', probe: ['curl', '--version'] },
  { package: 'systemd', why: 'judges the sandbox of the unit', probe: ['systemd-analyze', '--version'] },
  {
    package: 'debootstrap',
    why: 'makes a bare Debian to install into',
    probe: ['test', '-x', '/usr/sbin/debootstrap'],
  },
  { package: 'iputils-ping', why: 'the agent asks a real ping', probe: ['ping', '-V'] },
  { package: 'fping', why: 'the agent sweeps by the real fping', probe: [FPING_PATH, '-v'] },
  { package: 'strace', why: 'it is watched what an agent opens and starts', probe: ['strace', '-V'] },
  { package: 'dbus-daemon', why: 'a real message bus carries what systemd says', probe: ['dbus-daemon', '--version'] },
  {
    package: 'python3-dbus',
    why: 'stands in for systemd on that bus',
    probe: [PYTHON_PATH, '-c', 'import dbus.mainloop.glib'],
  },
  {
    package: 'python3-gi',
    why: 'stands in for systemd on that bus',
    probe: [PYTHON_PATH, '-c', 'from gi.repository import GLib'],
  },
  {
    package: 'postgresql',
    why: 'a real PostgreSQL is dumped and restored',
    probe: [`${POSTGRESQL_PATH}/postgres`, '--version'],
    service: 'postgresql',
  },
  {
    package: 'mariadb-server',
    why: 'a real MariaDB is dumped and restored',
    probe: [MARIADBD_PATH, '--version'],
    service: 'mariadb',
  },
  { package: 'restic', why: 'real repositories are looked at, damaged and restored', probe: ['restic', 'version'] },
  { package: 'borgbackup', why: 'real repositories are looked at, damaged and restored', probe: ['borg', '--version'] },
  { package: 'pgbackrest', why: 'a real PostgreSQL is backed up and restored by it', probe: ['pgbackrest', 'version'] },
  { package: 's3cmd', why: "a real client of S3 agrees with the tests' server", probe: ['s3cmd', '--version'] },
  { package: 'rsync', why: 'a real rsync writes its log', probe: ['rsync', '--version'] },
  { package: 'zstd', why: 'dumps are packed with it', probe: ['zstd', '--version'] },
  { package: 'xz-utils', why: 'dumps are packed with it', probe: ['xz', '--version'] },
  { package: 'bzip2', why: 'dumps are packed with it', probe: ['test', '-x', '/usr/bin/bzip2'] },
  { package: 'smartmontools', why: 'the agent asks the real smartctl', probe: ['/usr/sbin/smartctl', '--version'] },
]

export type Machine = {
  isRoot: boolean
  isDebian: boolean
  /** Whether the command ends with 0; its output is thrown away. */
  succeeds: (command: string, args: string[]) => boolean
  /** Runs a command with its output shown; its exit code. */
  run: (command: string, args: string[]) => number
  say: (line: string) => void
}

const APT_GET = ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3']

export function missingPackages(machine: Machine): string[] {
  return NEEDED.filter(({ probe: [command, ...args] }) => !machine.succeeds(command, args)).map(need => need.package)
}

/** Installs what is missing where it may, else says what to do. Returns an exit code: a test is never skipped for it. */
export function ensurePackages(machine: Machine): number {
  const missing = missingPackages(machine)
  if (missing.length === 0) return 0
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  if (!machine.isDebian || !machine.isRoot) {
    for (const need of NEEDED) if (missing.includes(need.package)) machine.say(`missing: ${need.package} (${need.why})`)
    machine.say(
      machine.isDebian ? 'install what is missing, then run the tests again:' : 'on Debian or Ubuntu that would be:',
    )
    machine.say(`  sudo apt-get update && sudo apt-get ${install.join(' ')}`)
    return 1
  }
  machine.say(`installing Debian packages for the tests: ${missing.join(', ')}`)
  // Lists that are there may be fresh enough: only when they are not is the update's minute spent.
  if (machine.run('apt-get', [...APT_GET, ...install]) !== 0) {
    machine.say('once more, with fresh package lists')
    const updated = machine.run('apt-get', [...APT_GET, 'update'])
    if (updated !== 0 || machine.run('apt-get', [...APT_GET, ...install]) !== 0) {
      machine.say(`apt-get could not install ${missing.join(', ')}; what it said stands above`)
      return 1
    }
  }
  const still = missingPackages(machine)
  if (still.length > 0) machine.say(`installed, but not working on this machine: ${still.join(', ')}`)
  return still.length > 0 ? 1 : 0
}

function runShown(command: string, args: string[]): number {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1
}

const POLICY = '/usr/sbin/policy-rc.d'

/** Installs without starting what comes along, neither now (policy-rc.d, as Debian's policy has it) nor at the next boot. */
function withServicesOff(installed: string[], work: () => number): number {
  const isOwnPolicy = !existsSync(POLICY)
  if (isOwnPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return work()
  } finally {
    if (isOwnPolicy) rmSync(POLICY)
    for (const { package: name, service } of NEEDED) {
      if (service !== undefined && installed.includes(name)) spawnSync('systemctl', ['disable', service])
    }
  }
}

function thisMachine(): Machine {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return {
    isRoot: process.getuid?.() === 0,
    isDebian: /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release) && existsSync('/usr/bin/apt-get'),
    succeeds: (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0,
    run: (command, args) => withServicesOff(args, () => runShown(command, args)),
    say: line => process.stderr.write(`pantau: ${line}\n`),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = ensurePackages(thisMachine())
