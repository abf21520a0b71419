// From the status samples of a polled device to the states of its interfaces. Most samples say nothing new, so what is
// known is kept in memory and the records are asked only about changes.
import type { InterfaceState } from '../../protocol/snmp-words.ts'
import { type InterfaceReading, interfaceStateOf, recordInterfaceState } from '../availability/interface-states.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { SeriesEntry } from '../stores/series/series-store.ts'
import { ADMIN_STATUS, OPER_STATUS } from './looked-at.ts'

type Known = { interfaceId: string; at: number; state: InterfaceState | null }

export type InterfaceWatch = {
  /** Writes the changes among these samples of one device; `kept` is called after the commit. */
  record(tx: RecordsTransaction, deviceId: string, entries: readonly SeriesEntry[]): Promise<{ kept: () => void }>
  /** Call it when the interfaces of a device may be others. */
  forget(deviceId: string): void
}

export function createInterfaceWatch(): InterfaceWatch {
  const devices = new Map<string, Map<string, Known>>()

  async function read(tx: RecordsTransaction, deviceId: string): Promise<Map<string, Known>> {
    const rows = await tx
      .selectFrom('interface')
      .select(['id', 'name'])
      .where('device_id', '=', deviceId)
      .where('gone_at', 'is', null)
      .execute()
    return new Map(rows.map(({ id, name }) => [name, { interfaceId: id, at: 0, state: null }]))
  }

  return {
    async record(tx, deviceId, entries) {
      const readings = readingsOf(entries)
      if (readings.length === 0) return { kept: () => {} }
      const known = devices.get(deviceId) ?? (await read(tx, deviceId))
      const after = new Map(known)
      for (const { name, at, state } of readings) {
        const before = after.get(name)
        if (before === undefined) continue
        const isLate = at < before.at
        if (isLate || before.state !== state) {
          const reading: InterfaceReading = { interfaceId: before.interfaceId, at, state }
          await recordInterfaceState(tx, reading)
        }
        if (!isLate) after.set(name, { ...before, at, state })
      }
      return { kept: () => devices.set(deviceId, after) }
    },
    forget: deviceId => {
      devices.delete(deviceId)
    },
  }
}

/** One state an interface and moment, oldest first. */
function readingsOf(entries: readonly SeriesEntry[]): { name: string; at: number; state: InterfaceState }[] {
  const admin = new Map<string, number>()
  const oper: { name: string; at: number; value: number }[] = []
  for (const { key, samples } of entries) {
    const name = key.labels.device
    if (name === undefined) continue
    for (const [at, value] of samples) {
      if (key.metric === ADMIN_STATUS) admin.set(`${at} ${name}`, value)
      else if (key.metric === OPER_STATUS) oper.push({ name, at, value })
    }
  }
  return oper
    .map(({ name, at, value }) => ({ name, at, state: interfaceStateOf(admin.get(`${at} ${name}`), value) }))
    .sort((left, right) => left.at - right.at)
}
