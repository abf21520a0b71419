import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connectToBus } from '../../platform/dbus/connection.ts'
import { type DBusValue, entriesOf } from '../../platform/dbus/values.ts'
import { findProgram } from '../../platform/find-program.ts'
import { runProgram } from '../../platform/run-program.ts'
import type { Gauge, Source } from '../source.ts'

const STATES = ['active', 'reloading', 'inactive', 'failed', 'activating', 'deactivating'] as const
/** A machine on which everything fails must not fill the wall. */
const MOST_FAILED = 50
const BUS_SOCKET = 'dbus/system_bus_socket'
const TIMER_FIELDS = [
  ['LastTriggerUSec', 'node_systemd_timer_last_trigger_seconds'],
  ['NextElapseUSecRealtime', 'node_systemd_timer_next_elapse_seconds'],
] as const

export type Unit = { name: string; active: string }

/** `systemctl list-units --all --plain --no-legend --full`: UNIT LOAD ACTIVE SUB DESCRIPTION. Units that are not found count for nothing. */
export function parseUnits(output: string): Unit[] {
  return output.split('\n').flatMap(line => {
    const [name, load, active] = line.replace(/^[●*\s]+/, '').split(/\s+/)
    return name !== undefined && load === 'loaded' && active !== undefined ? [{ name, active }] : []
  })
}

/** How many units are in which state, and each failed one by its name. */
export function unitGauges(units: readonly Unit[]): Gauge[] {
  const failed = units.filter(({ active }) => active === 'failed').slice(0, MOST_FAILED)
  return [
    ...STATES.map(state => ({
      metric: 'node_systemd_units',
      labels: { state },
      value: units.filter(({ active }) => active === state).length,
    })),
    ...failed.map(({ name }) => ({ metric: 'node_systemd_unit_state', labels: { name, state: 'failed' }, value: 1 })),
  ]
}

/** Blocks of `systemctl show --timestamp=unix -p ... '*.timer'`, apart by empty lines. What never ran has no time. */
export function timerGauges(output: string): Gauge[] {
  return output.split('\n\n').flatMap(block => {
    const fields = new Map(block.split('\n').map(line => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]))
    const name = fields.get('Id')
    const at = (field: string): number | undefined => {
      const seconds = /^@(\d+)$/.exec(fields.get(field) ?? '')?.[1]
      return seconds === undefined || seconds === '0' ? undefined : Number(seconds)
    }
    if (name === undefined || name === '') return []
    return TIMER_FIELDS.flatMap(([field, metric]) => {
      const value = at(field)
      return value === undefined ? [] : [{ metric, labels: { name }, value }]
    })
  })
}

const SYSTEMD = { destination: 'org.freedesktop.systemd1', path: '/org/freedesktop/systemd1' }
const NEVER = 2n ** 64n - 1n

/** Rows of ListUnits, a(ssssssouso): name, description, load, active, sub, following, object path, job. */
export function unitsOfBus(rows: DBusValue | undefined): (Unit & { objectPath: string })[] {
  if (!Array.isArray(rows)) throw new Error('systemd answers in an unknown form')
  return rows.flatMap(row => {
    const [name, , load, active, , , objectPath] = Array.isArray(row) ? row : []
    if (typeof name !== 'string' || typeof active !== 'string' || typeof objectPath !== 'string') {
      throw new Error('systemd answers in an unknown form')
    }
    return load === 'loaded' ? [{ name, active, objectPath }] : []
  })
}

/** All properties of a timer, a{sv}; times in microseconds since 1970, 0 or the highest number where there is none. */
export function timerOfBus(name: string, properties: DBusValue | undefined): Gauge[] {
  const found = entriesOf(properties)
  return TIMER_FIELDS.flatMap(([field, metric]) => {
    const micros = found.get(field)
    if (typeof micros !== 'bigint' || micros === 0n || micros === NEVER) return []
    return [{ metric, labels: { name }, value: Number(micros / 1_000_000n) }]
  })
}

async function askBus(socketPath: string, signal: AbortSignal): Promise<Gauge[]> {
  const bus = await connectToBus(socketPath, signal)
  try {
    const [rows] = await bus.call({
      ...SYSTEMD,
      interface: `${SYSTEMD.destination}.Manager`,
      member: 'ListUnits',
      args: [],
    })
    const units = unitsOfBus(rows)
    const gauges = unitGauges(units)
    for (const { name, objectPath } of units.filter(one => one.name.endsWith('.timer'))) {
      const [properties] = await bus.call({
        ...{ destination: SYSTEMD.destination, path: objectPath },
        ...{ interface: 'org.freedesktop.DBus.Properties', member: 'GetAll', args: [`${SYSTEMD.destination}.Timer`] },
      })
      gauges.push(...timerOfBus(name, properties))
    }
    return gauges
  } finally {
    bus.close()
  }
}

/**
 * Units and timers of systemd, which needs no right: over the system's message bus, and by `systemctl` where that
 * does not answer. Not offered where systemd does not run the machine.
 */
export function createSystemdSource(deps: { runRoot: string; everyMs: number; programs?: readonly string[] }): Source {
  const limits = { withinMs: 10_000, longestOutputBytes: 2 * 1024 * 1024 }
  const askSystemctl = async (signal: AbortSignal): Promise<Gauge[] | 'not-offered'> => {
    const program = await findProgram(deps.programs ?? ['/usr/bin/systemctl', '/bin/systemctl'])
    if (program === undefined) return 'not-offered'
    const ask = async (...args: string[]): Promise<string> => {
      const { code, output } = await runProgram(program, args, { ...limits, signal })
      if (code !== 0) throw new Error(`systemctl ended with ${code}`)
      return output
    }
    const units = await ask('list-units', '--all', '--plain', '--no-legend', '--full', '--no-pager')
    const properties = 'Id,LastTriggerUSec,NextElapseUSecRealtime'
    const timers = await ask('show', '--timestamp=unix', '--no-pager', '-p', properties, '*.timer')
    return [...unitGauges(parseUnits(units)), ...timerGauges(timers)]
  }
  return {
    name: 'systemd',
    rhythm: { everyMs: deps.everyMs, withinMs: 25_000, firstAfterMs: 10_000 },
    async read(signal) {
      const isThere = (path: string): Promise<boolean> =>
        stat(join(deps.runRoot, path)).then(
          () => true,
          () => false,
        )
      if (!(await isThere('systemd/system'))) return 'not-offered'
      const gauges = (await isThere(BUS_SOCKET))
        ? await askBus(join(deps.runRoot, BUS_SOCKET), signal).catch(async error => {
            const instead = await askSystemctl(signal)
            if (instead === 'not-offered') throw error
            return instead
          })
        : await askSystemctl(signal)
      return gauges === 'not-offered' ? gauges : { gauges }
    },
  }
}
