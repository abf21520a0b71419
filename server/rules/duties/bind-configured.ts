import { COLLECTOR } from '../../access/actor.ts'
import { appendAudit } from '../../access/audit.ts'
import { newId } from '../../platform/ids.ts'
import type { Records } from '../../stores/records/records.ts'
import { civilDateOf } from '../civil-date.ts'
import type { RegulationPack } from '../regulation-pack.ts'

/**
 * The regulation that the configuration names binds from the day of the first start with it. What people decided
 * afterwards, on the page, is not undone by a restart.
 */
export async function bindConfigured(deps: {
  records: Records
  regulations: readonly RegulationPack[]
  regulation: string | undefined
  now: () => number
}): Promise<void> {
  const { records, regulation } = deps
  if (regulation === undefined) return
  const pack = deps.regulations.find(({ id }) => id === regulation)
  if (pack === undefined) {
    const known = deps.regulations.map(({ id }) => id).join(', ')
    throw new Error(`regulation: there is no regulation "${regulation}"; known: ${known}`)
  }
  const at = deps.now()
  const validFrom = civilDateOf(at, pack.timeZone)
  await records.transaction().execute(async tx => {
    const known = await tx.selectFrom('enabled_pack').select('id').where('pack_id', '=', pack.id).executeTakeFirst()
    if (known !== undefined) return
    await tx
      .insertInto('enabled_pack')
      .values({
        ...{ id: newId(at), pack_id: pack.id, valid_from: validFrom, valid_until: null },
        ...{ entered_at: at, entered_by: COLLECTOR.id, ended_at: null, ended_by: null },
      })
      .execute()
    const detail = { pack: pack.id, validFrom, validUntil: null, source: 'configuration' }
    await appendAudit(tx, { at, actor: COLLECTOR, action: 'regulation.enable', subject: null, detail })
  })
}
