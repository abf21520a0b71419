import { stat } from 'node:fs/promises'
import { findProgram } from '../../platform/find-program.ts'
import { runProgram } from '../../platform/run-program.ts'
import type { Gauge, Source } from '../source.ts'

const STATES = ['active', 'reloading', 'inactive', 'failed', 'activating', 'deactivating'] as const
/** A machine on which everything fails must not fill the wall. */
const MOST_FAILED = 50

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
    const [last, next] = [at('LastTriggerUSec'), at('NextElapseUSecRealtime')]
    return [
      ...(last === undefined
        ? []
        : [{ metric: 'node_systemd_timer_last_trigger_seconds', labels: { name }, value: last }]),
      ...(next === undefined
        ? []
        : [{ metric: 'node_systemd_timer_next_elapse_seconds', labels: { name }, value: next }]),
    ]
  })
}

/** Units and timers of systemd by `systemctl`, which needs no right; not offered where systemd does not run the machine. */
export function createSystemdSource(deps: { runRoot: string; everyMs: number; programs?: readonly string[] }): Source {
  const limits = { withinMs: 10_000, longestOutputBytes: 2 * 1024 * 1024 }
  return {
    name: 'systemd',
    rhythm: { everyMs: deps.everyMs, withinMs: 25_000, firstAfterMs: 10_000 },
    async read(signal) {
      const runs = await stat(`${deps.runRoot}/systemd/system`).catch(() => undefined)
      const program = await findProgram(deps.programs ?? ['/usr/bin/systemctl', '/bin/systemctl'])
      if (runs === undefined || program === undefined) return 'not-offered'
      const ask = async (...args: string[]): Promise<string> => {
        const { code, output } = await runProgram(program, args, { ...limits, signal })
        if (code !== 0) throw new Error(`systemctl ended with ${code}`)
        return output
      }
      const units = await ask('list-units', '--all', '--plain', '--no-legend', '--full', '--no-pager')
      const properties = 'Id,LastTriggerUSec,NextElapseUSecRealtime'
      const timers = await ask('show', '--timestamp=unix', '--no-pager', '-p', properties, '*.timer')
      return { gauges: [...unitGauges(parseUnits(units)), ...timerGauges(timers)] }
    },
  }
}
