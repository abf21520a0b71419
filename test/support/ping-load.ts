// Many jobs that call their addresses at the same moment, over connections that stay open.
import { Agent, request } from 'node:http'

export type Answered = { url: string; status: number; tookMs: number }

/** Calls all addresses, `sockets` at a time. A call that breaks off has status 0. `onAnswer` is told of each. */
export async function callAll(
  urls: readonly string[],
  { sockets = 100, onAnswer }: { sockets?: number; onAnswer?: (answer: Answered) => void } = {},
): Promise<Answered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  const answers: Answered[] = []
  let next = 0
  const worker = async () => {
    for (let url = urls[next++]; url !== undefined; url = urls[next++]) {
      const answer = await callOne(url, agent)
      answers.push(answer)
      onAnswer?.(answer)
    }
  }
  await Promise.all(Array.from({ length: sockets }, worker))
  agent.destroy()
  return answers
}

function callOne(url: string, agent: Agent): Promise<Answered> {
  const beganMs = performance.now()
  return new Promise(resolve => {
    const done = (status: number) => resolve({ url, status, tookMs: performance.now() - beganMs })
    const call = request(url, { agent, method: 'POST' }, response => {
      response.on('error', () => done(0))
      response.resume().on('end', () => done(response.statusCode ?? 0))
    })
    call.on('error', () => done(0))
    call.end(new URL(url).searchParams.get('n') ?? '')
  })
}
