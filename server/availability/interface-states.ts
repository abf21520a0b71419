// When an interface was up, down, switched off or not there. Only changes are kept: a state lasts until the next one, as
// far as its device was heard.
import type { InterfaceState } from '../../protocol/snmp-words.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { gaps, type Interval } from './intervals.ts'

export type InterfaceReading = { interfaceId: string; at: number; state: InterfaceState }
export type InterfaceInterval = { state: InterfaceState; from: number; to: number }

/** By ifAdminStatus and ifOperStatus of RFC 2863; undefined for what was not told. */
export function interfaceStateOf(admin: number | undefined, oper: number | undefined): InterfaceState {
  if (admin === 2) return 'admin-down'
  if (oper === 1) return 'up'
  if (oper === 6) return 'not-present'
  // Dormant waits for something outside, and lower layer down says why: nothing passes through either.
  return oper === 2 || oper === 5 || oper === 7 ? 'down' : 'unknown'
}

/** Writes what is different from what was known at that moment; late words find their place. Idempotent. */
export async function recordInterfaceState(
  tx: RecordsTransaction,
  { interfaceId, at, state }: InterfaceReading,
): Promise<void> {
  const near = (direction: 'before' | 'after') =>
    tx
      .selectFrom('interface_state')
      .selectAll()
      .where('interface_id', '=', interfaceId)
      .where('from_ms', direction === 'before' ? '<=' : '>', at)
      .orderBy('from_ms', direction === 'before' ? 'desc' : 'asc')
      .limit(1)
      .executeTakeFirst()
  if ((await near('before'))?.state === state) return
  await tx
    .insertInto('interface_state')
    .values({ interface_id: interfaceId, from_ms: at, state })
    .onConflict(conflict => conflict.columns(['interface_id', 'from_ms']).doUpdateSet({ state }))
    .execute()
  const next = await near('after')
  if (next?.state !== state) return
  await tx
    .deleteFrom('interface_state')
    .where('interface_id', '=', interfaceId)
    .where('from_ms', '=', next.from_ms)
    .execute()
}

/** The window without holes: `changes` in their order, and `unknown` wherever the device was not heard. */
export function interfaceHistoryOf(
  changes: readonly { from_ms: number; state: InterfaceState }[],
  heard: readonly Interval[],
  window: Interval,
): InterfaceInterval[] {
  const pieces: InterfaceInterval[] = []
  const add = (state: InterfaceState, from: number, to: number): void => {
    const last = pieces.at(-1)
    if (to <= from) return
    if (last?.state === state && last.to === from) last.to = to
    else pieces.push({ state, from, to })
  }
  const silent = gaps(heard, window)
  const edges = [
    window.from,
    ...changes.map(one => one.from_ms),
    ...silent.flatMap(({ from, to }) => [from, to]),
    window.to,
  ]
  const sorted = [...new Set(edges)].filter(at => at >= window.from && at <= window.to).sort((a, b) => a - b)
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1]
    if (to === undefined) break
    const isSilent = silent.some(gap => gap.from <= from && gap.to >= to)
    const known = changes.findLast(one => one.from_ms <= from)
    add(isSilent || known === undefined ? 'unknown' : known.state, from, to)
  }
  return pieces
}
