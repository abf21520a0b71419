import type { DeviceRow } from '../../../../protocol/device-calls.ts'
import { STATES_WORST_FIRST } from '../wall/arrange.ts'

export const SORTS = ['name', 'address', 'state', 'poll'] as const
export type Sort = (typeof SORTS)[number]

const collator = new Intl.Collator('id', { numeric: true })

/** Those that match every word of the text, the kind and the state, in this order; what is equal stands by name. */
export function arrangeDevices(
  devices: readonly DeviceRow[],
  filter: { text: string; kind: string; state: string },
  sort: Sort,
): DeviceRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (row: DeviceRow): boolean => {
    const text = [row.name, row.slug, row.address, row.vendor, row.model].join(' ').toLowerCase()
    const fits = (wanted: string, has: string) => wanted === '' || wanted === has
    return fits(filter.kind, row.kind) && fits(filter.state, row.state) && words.every(word => text.includes(word))
  }
  const by: Record<Sort, (a: DeviceRow, b: DeviceRow) => number> = {
    name: () => 0,
    address: (a, b) => collator.compare(a.address, b.address),
    state: (a, b) => STATES_WORST_FIRST.indexOf(a.state) - STATES_WORST_FIRST.indexOf(b.state),
    poll: (a, b) => (b.pollSeconds ?? -1) - (a.pollSeconds ?? -1),
  }
  return devices.filter(matches).sort((a, b) => by[sort](a, b) || collator.compare(a.name, b.name))
}

/** The one whose round takes longest, when there are several to compare. */
export function slowestOf(devices: readonly DeviceRow[]): DeviceRow | null {
  const timed = devices.filter(({ pollSeconds }) => pollSeconds !== null)
  if (timed.length < 2) return null
  return timed.reduce((slowest, row) => ((row.pollSeconds ?? 0) > (slowest.pollSeconds ?? 0) ? row : slowest))
}
