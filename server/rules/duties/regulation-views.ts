// Regulations that Pantau knows, and exemptions with what is left of them.
import type { ExemptionView, RegulationView } from '../../../protocol/duty-views.ts'
import { listRecords } from '../../registers/record-queries.ts'
import type { Records } from '../../stores/records/records.ts'
import { dayNumber } from '../civil-date.ts'
import type { DutyEngine } from './duty-engine.ts'
import { requireState } from './duty-views.ts'
import { readEnabledPacks } from './read-rows.ts'
import { EXEMPTION_ENDS_IN_DAYS } from './reminders.ts'
import { isNamedGround } from './subjects-of.ts'

export async function listRegulations(records: Records, engine: DutyEngine): Promise<RegulationView[]> {
  const enabled = await readEnabledPacks(records)
  return engine.regulations.map(pack => {
    const row = enabled.find(({ packId, endedAt }) => packId === pack.id && endedAt === null)
    return {
      ...{ id: pack.id, version: pack.version, place: pack.place, title: pack.title, kind: pack.kind },
      ...{ number: pack.number, year: pack.year, inForce: pack.inForce, timeZone: pack.timeZone },
      duties: pack.rules.length,
      core: pack.rules.filter(({ scope }) => scope === 'core').length,
      incomplete: [...pack.incomplete],
      enabled: row === undefined ? null : { id: row.id, validFrom: row.validFrom, validUntil: row.validUntil },
    }
  })
}

const ORDER = ['ending', 'in-force', 'coming', 'ended'] as const

/** Those about to end first. */
export async function listExemptions(records: Records, engine: DutyEngine): Promise<ExemptionView[]> {
  const { snapshot } = requireState(engine)
  const today = dayNumber(snapshot.today)
  const found = await listRecords(records, { kind: 'exemption', withdrawn: 'no', limit: 2000 })
  return found
    .map(record => {
      const begins = record.validFrom ?? record.issuedOn
      const daysLeft = record.validUntil === null ? null : dayNumber(record.validUntil) - today
      const ids = Array.isArray(record.fields.duties) ? record.fields.duties : []
      return {
        record,
        duties: ids.map(id => {
          const rule = engine.rules.find(one => one.id === id)
          return {
            ...{ id, title: rule?.title ?? null, citation: rule?.duty?.citation ?? null },
            counts: rule !== undefined && isNamedGround(record.fields.ground, rule),
          }
        }),
        state: stateOf(begins !== null && begins > snapshot.today, daysLeft),
        daysLeft,
      }
    })
    .sort(
      (left, right) =>
        ORDER.indexOf(left.state) - ORDER.indexOf(right.state) || (left.daysLeft ?? 1e9) - (right.daysLeft ?? 1e9),
    )
}

function stateOf(isComing: boolean, daysLeft: number | null): ExemptionView['state'] {
  if (daysLeft !== null && daysLeft < 0) return 'ended'
  if (isComing) return 'coming'
  return daysLeft !== null && daysLeft <= EXEMPTION_ENDS_IN_DAYS ? 'ending' : 'in-force'
}
