import { ProblemError } from '../../platform/problem-error.ts'
import { readServerView } from '../../views/server-view.ts'
import { type Route, readRoute } from '../route.ts'

const MOST_BUCKETS = 10_000

export const watchRoutes: readonly Route[] = [
  readRoute('wall', async (services, { at }) => {
    await services.wall.refreshIncidents()
    return { epoch: 'http', seq: 0, at, servers: services.wall.tiles(at), incidents: services.wall.incidents() }
  }),
  readRoute('server', async (services, { params, at }) => {
    await services.wall.refreshIncidents()
    return await readServerView(services, params.id ?? '', at)
  }),
  readRoute('range', async ({ series }, { query }) => {
    const { subject, metric, labels, from, to, stepMs, aggregate } = query
    if (to <= from) throw new ProblemError('bad-request', 'to: must be later than from')
    if ((to - from) / stepMs > MOST_BUCKETS) {
      throw new ProblemError('bad-request', `stepMs: gives more than ${MOST_BUCKETS} points; take a longer step`)
    }
    const found = await series.range({
      subjectId: subject,
      metric,
      ...(labels === undefined ? {} : { labels }),
      from,
      to,
      stepMs,
      aggregate,
    })
    return {
      from,
      to,
      stepMs,
      series: found.map(({ key, points }) => ({
        metric: key.metric,
        labels: key.labels,
        agentId: key.agentId,
        points: points.map(([at, value]): [number, number | null] => [at, value]),
      })),
    }
  }),
]
