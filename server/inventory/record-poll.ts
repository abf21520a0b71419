import type { WireEvent } from '../../protocol/snmp.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/** Newest attempt and newest success, UTC ms by the collector's clock; both only move forward. */
export async function recordPoll(
  tx: RecordsTransaction,
  { deviceId, polledAt, heardAt }: { deviceId: string; polledAt: number; heardAt: number | null },
): Promise<void> {
  await tx
    .updateTable('polled_device')
    .set(eb => ({
      last_polled_at: eb.fn<number>('max', [eb.fn.coalesce('last_polled_at', eb.lit(0)), eb.val(polledAt)]),
      last_heard_at:
        heardAt === null
          ? eb.ref('last_heard_at')
          : eb.fn<number>('max', [eb.fn.coalesce('last_heard_at', eb.lit(0)), eb.val(heardAt)]),
    }))
    .where('device_id', '=', deviceId)
    .execute()
}

/** What happened to a device; told twice counts once. */
export async function recordDeviceEvents(
  tx: RecordsTransaction,
  events: readonly (WireEvent & { subject: string })[],
): Promise<void> {
  for (const { subject, at, kind, part } of events) {
    await tx
      .insertInto('device_event')
      .values({ device_id: subject, at, kind, part })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  }
}
