// The board of the recovery centres: where they stand, how they are now, what is on file and what the law makes of it.
import type { DrcBoardView, DrcCentreView } from '../../protocol/drc.ts'
import { behindMs, type RecoveryCentre, reachOf } from '../backups/recovery-centre.ts'
import { listSites } from '../inventory/place-queries.ts'
import type { DutyState } from '../rules/duties/duty-state.ts'
import { subjectViews } from '../rules/duties/duty-views.ts'
import { isInForce, type KnownRecord, textOf } from '../rules/duties/register-index.ts'
import { countryOf, distanceToDataCentreKm } from '../rules/measures/placement.ts'
import type { Records } from '../stores/records/records.ts'

const NOTHING: RecoveryCentre = { standsThere: [], keptThere: [] }
const DRILLS_SHOWN = 20

/** Distances, papers and duties are those of the newest judging, at most five minutes old; the rest is of `at`. */
export async function readDrcBoard(
  deps: { records: Records; recoveryCentres: (at: number) => Promise<ReadonlyMap<string, RecoveryCentre>> },
  state: DutyState,
  at: number,
): Promise<DrcBoardView> {
  const sites = await listSites(deps.records)
  const centres = await deps.recoveryCentres(at)
  const placed = sites.map(site => ({ site, subject: state.snapshot.subject(site.id) }))
  const countryAt = (subject: (typeof placed)[number]['subject']) =>
    subject === undefined ? 'unknown' : countryOf(state.snapshot, subject)
  return {
    at,
    dataCentres: placed
      .filter(({ site }) => site.kind === 'data-centre')
      .map(({ site: { id, name, coordinates }, subject }) => ({ id, name, coordinates, country: countryAt(subject) })),
    centres: placed
      .filter(({ site }) => site.kind === 'drc')
      .map(({ site: { id, name, address, coordinates }, subject }) => ({
        ...{ id, name, address, coordinates, country: countryAt(subject) },
        distanceKm: subject === undefined ? null : distanceToDataCentreKm(state.snapshot, subject),
        ...nowAt(centres.get(id) ?? NOTHING),
        drills: drillsOf(state, id),
        plans: plansOf(state, id),
        duties: dutiesOf(state, id),
      })),
  }
}

function nowAt(centre: RecoveryCentre): Pick<DrcCentreView, 'reach' | 'standsThere' | 'keptThere'> {
  return {
    reach: reachOf(centre),
    standsThere: [...centre.standsThere],
    keptThere: centre.keptThere.toSorted((left, right) => behindMs(right) - behindMs(left)),
  }
}

/** Of the site, and those of the city as a whole. */
function recordsOf({ snapshot }: DutyState, kind: string, siteId: string): KnownRecord[] {
  return [siteId, null].flatMap(about => snapshot.registers.about(kind, about))
}

const OUTCOMES = ['succeeded', 'partly', 'failed'] as const

function drillsOf(state: DutyState, siteId: string): DrcCentreView['drills'] {
  return recordsOf(state, 'drill', siteId)
    .flatMap(record => {
      const [heldOn, outcome] = [textOf(record, 'heldOn'), OUTCOMES.find(one => one === record.fields.outcome)]
      if (heldOn === null || outcome === undefined) return []
      const minutes = record.fields.recoveredInMinutes
      return [
        {
          ...{ recordId: record.recordId, title: record.title, heldOn, outcome, files: record.files },
          scenario: textOf(record, 'scenario') ?? '',
          recoveredInMinutes: typeof minutes === 'number' ? minutes : null,
        },
      ]
    })
    .sort((left, right) => right.heldOn.localeCompare(left.heldOn))
    .slice(0, DRILLS_SHOWN)
}

const PLAN_THEMES = ['drp', 'drc']

/** Plans of recovery in force. */
function plansOf(state: DutyState, siteId: string): DrcCentreView['plans'] {
  return recordsOf(state, 'document', siteId)
    .filter(
      record =>
        textOf(record, 'documentType') === 'plan' &&
        PLAN_THEMES.includes(textOf(record, 'topic') ?? '') &&
        isInForce(record, state.snapshot.today),
    )
    .map(({ recordId, title, number, issuedOn, validUntil, files }) => ({
      ...{ recordId, title, number, issuedOn, validUntil, files },
    }))
}

function dutiesOf(state: DutyState, siteId: string): DrcCentreView['duties'] {
  return state.duties
    .filter(({ rule }) => rule.subject === 'site' && rule.duty.select.role === 'drc')
    .flatMap(duty => {
      const { id: ruleId, packId, title } = duty.rule
      return subjectViews(state, duty)
        .filter(({ subject }) => subject.id === siteId)
        .map(({ verdict, why }) => ({ ruleId, packId, citation: duty.rule.duty.citation, title, verdict, why }))
    })
}
