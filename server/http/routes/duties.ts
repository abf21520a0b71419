import { listConditions } from '../../rules/duties/conditions.ts'
import { disableRegulation } from '../../rules/duties/disable-regulation.ts'
import { calendarOf, listDuties, readDuty, requireState, simulate } from '../../rules/duties/duty-views.ts'
import { enableRegulation } from '../../rules/duties/enable-regulation.ts'
import { endDutySetting } from '../../rules/duties/end-setting.ts'
import { listExemptions, listRegulations } from '../../rules/duties/regulation-views.ts'
import { rollUp } from '../../rules/duties/rollup.ts'
import { setDuty } from '../../rules/duties/set-duty.ts'
import { type Route, type RouteContext, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

export const dutyRoutes: readonly Route[] = [
  readRoute('regulations', regulations),
  verbRoute('enableRegulation', enableRegulation, judgedRegulations),
  verbRoute('disableRegulation', disableRegulation, judgedRegulations),
  readRoute('duties', ({ dutyEngine }, { query }) => ({ duties: listDuties(requireState(dutyEngine), query) })),
  readRoute('duty', thatDuty),
  readRoute('simulateDuty', ({ dutyEngine }, { params, query }) =>
    simulate(requireState(dutyEngine), params.rule ?? '', query.parameters),
  ),
  readRoute('dutyRollup', ({ dutyEngine }, { query }) => ({
    rows: rollUp(requireState(dutyEngine), query.by, query.agency),
  })),
  readRoute('dutyConditions', ({ dutyEngine }) => ({ conditions: listConditions(requireState(dutyEngine)) })),
  readRoute('dutyCalendar', ({ dutyEngine }, { query }) => {
    const state = requireState(dutyEngine)
    return { today: state.snapshot.today, timeZone: state.snapshot.timeZone, entries: calendarOf(state, query) }
  }),
  readRoute('exemptions', async ({ records, dutyEngine }) => ({
    exemptions: await listExemptions(records, dutyEngine),
  })),
  verbRoute('setDuty', setDuty, async (services, context) => {
    // Whoever sets a number wants to see what it does.
    await services.dutyEngine.pass(services.now())
    return await thatDuty(services, context)
  }),
  verbRoute('endDutySetting', endDutySetting, () => ({})),
]

async function regulations({ records, dutyEngine }: Services) {
  return { regulations: await listRegulations(records, dutyEngine) }
}

/** What the verb wrote is younger than the request: the pass looks at the moment after it. */
async function judgedRegulations(services: Services) {
  await services.dutyEngine.pass(services.now())
  return await regulations(services)
}

function thatDuty({ records, dutyEngine }: Services, { params }: RouteContext) {
  return readDuty(records, dutyEngine, params.rule ?? '')
}
