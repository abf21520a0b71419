import type { FoundInterface } from '../../protocol/snmp.ts'
import { newId } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { KnownPort } from './discovery-differences.ts'

/** Interfaces as they are now; one that is gone stays on record, and what one was called before is kept with its dates. */
export async function writeInterfaces(
  tx: RecordsTransaction,
  deviceId: string,
  at: number,
  ports: { pairs: readonly { found: FoundInterface; known: KnownPort | null }[]; gone: readonly KnownPort[] },
): Promise<void> {
  for (const { found, known } of ports.pairs) {
    const row = {
      ...{ name: found.device, alias: found.alias, position: found.index, type: found.type },
      ...{ speed_bps: found.speedBps, mac: found.mac, addresses: JSON.stringify(found.addresses) },
      ...{ counters: found.counters, seen_at: at, gone_at: null },
    }
    const id = known?.id ?? newId(at)
    if (known === null) {
      await tx
        .insertInto('interface')
        .values({ id, device_id: deviceId, first_seen_at: at, ...row })
        .execute()
    } else await tx.updateTable('interface').set(row).where('id', '=', id).execute()
    if (known === null || known.name !== found.device || known.alias !== found.alias) {
      await writeName(tx, id, at, { name: found.device, alias: found.alias })
    }
  }
  for (const { id, gone_at: goneAt } of ports.gone) {
    if (goneAt === null) await tx.updateTable('interface').set({ gone_at: at }).where('id', '=', id).execute()
  }
}

async function writeName(tx: RecordsTransaction, id: string, at: number, names: { name: string; alias: string }) {
  await tx
    .updateTable('interface_name')
    .set({ until_ms: at })
    .where('interface_id', '=', id)
    .where('until_ms', 'is', null)
    .execute()
  await tx
    .insertInto('interface_name')
    .values({ interface_id: id, from_ms: at, until_ms: null, ...names })
    .execute()
}
