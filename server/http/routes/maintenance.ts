import { readAgencyTimeline } from '../../availability/agency-timeline.ts'
import { availabilityIn, knownOf, readAvailabilityTable } from '../../availability/availability-tables.ts'
import { decideMaintenance } from '../../availability/decide-maintenance.ts'
import { declareMaintenance } from '../../availability/declare-maintenance.ts'
import { endMaintenance } from '../../availability/end-maintenance.ts'
import { listMaintenance, readMaintenanceView } from '../../availability/maintenance-queries.ts'
import { readOutages } from '../../availability/outages.ts'
import { remarkOutage } from '../../availability/remark-outage.ts'
import { readSubjectHistory, statesOf } from '../../availability/subject-history.ts'
import { ProblemError } from '../../platform/problem-error.ts'
import { type Route, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

const LONGEST_WINDOW_MS = 3 * 366 * 86_400_000

export const maintenanceRoutes: readonly Route[] = [
  readRoute('maintenances', async ({ records, timeZone }, { at }) => ({
    maintenances: await listMaintenance(records, at, timeZone),
  })),
  verbRoute('declareMaintenance', declareMaintenance, (services, { at }, { id }) => shown(services, id, at)),
  verbRoute('decideMaintenance', decideMaintenance, (services, { params, at }) => shown(services, params.id ?? '', at)),
  verbRoute('endMaintenance', endMaintenance, (services, { params, at }) => shown(services, params.id ?? '', at)),
  readRoute('availability', async (services, { query, at }) => {
    const window = windowOf(query)
    const { of, by, calendar: calendarId, id } = query
    return {
      timeZone: services.timeZone,
      rows: await readAvailabilityTable(services, { of, by, window, calendarId, id }, at),
    }
  }),
  readRoute('timeline', async (services, { params, query, at }) => {
    const asked = windowOf(query)
    const window = { from: asked.from, to: Math.min(asked.to, at) }
    const history = await readSubjectHistory(services, params.id ?? '', window, at)
    if (history === undefined) throw new ProblemError('not-found', 'There is no device or link with this id')
    return {
      history: statesOf(history, window),
      planned: history.planned.map(({ from, to, maintenanceId }) => ({ from, to, maintenanceId })),
      outages: await readOutages(services.records, history, window, at),
      availability: availabilityIn(knownOf(history), window, { kind: 'always' }, services.timeZone),
    }
  }),
  readRoute('agencyTimeline', async (services, { params, query, at }) => {
    const asked = windowOf(query)
    return await readAgencyTimeline(services, params.id ?? '', { from: asked.from, to: Math.min(asked.to, at) }, at)
  }),
  verbRoute('remarkOutage', remarkOutage, () => ({})),
]

async function shown({ records, board, timeZone }: Services, id: string, at: number) {
  await board.refresh()
  return await readMaintenanceView(records, id, at, timeZone)
}

function windowOf({ from, to }: { from: number; to: number }) {
  if (to <= from) throw new ProblemError('bad-request', 'to: must be later than from')
  if (to - from > LONGEST_WINDOW_MS) throw new ProblemError('bad-request', 'to: at most three years after from')
  return { from, to }
}
