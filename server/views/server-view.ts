import type { ServerView } from '../../protocol/server-views.ts'
import { availabilityOf, historyOf, readIntervals, upUntil } from '../availability/history.ts'
import { evidenceLastsMs } from '../availability/subject-state.ts'
import { listIncidents } from '../incidents/incident-queries.ts'
import { inPlaceOfNoc } from '../inventory/agent-queries.ts'
import { factsOf } from '../inventory/fact-queries.ts'
import { placeOf } from '../inventory/place-queries.ts'
import type { Server } from '../inventory/roster.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { CurrentValue } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import { type FiguresDeps, readServerFigures } from './server-figures.ts'
import type { Wall } from './wall.ts'

const DAY_MS = 86_400_000
const AVAILABILITY_DAYS = 30

/** Everything about one server. Errors: `not-found`. */
export async function readServerView(
  deps: FiguresDeps & { records: Records; wall: Wall },
  id: string,
  at: number,
): Promise<ServerView> {
  const server = deps.roster.get(id)
  const tile = deps.wall.tile(id, at)
  const figures = readServerFigures(deps, id)
  if (server === undefined || tile === null || figures === null)
    throw new ProblemError('not-found', 'There is no server with this id')
  const month = { from: Math.max(server.createdAt, at - AVAILABILITY_DAYS * DAY_MS), to: at }
  const recorded = await readIntervals(deps.records, id, { from: Math.min(month.from, at - DAY_MS), to: at })
  const known = upUntil(recorded, at, evidenceLastsMs(tile.intervalMs))
  return {
    tile,
    ...figures,
    replaced: await replacedBy(deps.records, server),
    place: await placeOf(deps.records, id),
    facts: await factsOf(deps.records, id),
    metrics: metricsOf(deps.current.all(id)),
    incidents: await listIncidents(deps.records, { subject: id, limit: 50 }),
    history: historyOf(known, { from: at - DAY_MS, to: at }),
    availability: availabilityOf(known, month),
  }
}

async function replacedBy(records: Records, { agent }: Server): Promise<ServerView['replaced']> {
  if (agent === null || agent.revokedAt !== null) return 'nobody'
  return (await inPlaceOfNoc(records, [agent.id])).size > 0 ? 'noc-agent' : 'nobody'
}

function metricsOf(values: readonly CurrentValue[]): ServerView['metrics'] {
  return [...Map.groupBy(values, ({ metric }) => metric)]
    .map(([metric, series]) => ({
      metric,
      series: series.length,
      newestAt: series.reduce((newest, { at }) => Math.max(newest, at), 0),
    }))
    .sort((left, right) => (left.metric < right.metric ? -1 : 1))
}
