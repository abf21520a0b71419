import { CALLS } from '../../../protocol/api.ts'
import { parseInput } from '../../access/verb.ts'
import { knownLists } from '../../inventory/agent-tasks.ts'
import { askAgent } from '../../inventory/ask-agent.ts'
import { answerTask, readTask } from '../../inventory/sweeps.ts'
import { agentOfRequest } from '../agent-of-request.ts'
import { machineRoute, type Route, readRoute, verbRoute } from '../route.ts'

export const agentTaskRoutes: readonly Route[] = [
  machineRoute('agentOrders', async (services, { request, response }) => {
    const { agentId } = await agentOfRequest(services, request, 'agent')
    const { after, waitS, lists } = parseInput(CALLS.agentOrders.query, request.query)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    return await services.agentTasks.wait(
      agentId,
      { after, waitMs: waitS * 1_000, lists: knownLists(lists) },
      gone.signal,
    )
  }),
  machineRoute('answerTask', async (services, { request, params, at }) => {
    const { agentId } = await agentOfRequest(services, request, 'agent')
    const { result } = parseInput(CALLS.answerTask.body, request.body)
    await answerTask(services, { agentId, taskId: params.id ?? '', result }, at)
    return {}
  }),
  verbRoute('askAgent', askAgent, (_services, _context, task) => task),
  readRoute('agentTask', (services, { params, at }) => readTask(services, params.id ?? '', at)),
]
