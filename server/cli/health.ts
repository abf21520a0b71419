import { parseArgs } from 'node:util'

const HELP = `pantau health: ask a running collector whether it is ready

  --url URL   also PANTAU_PUBLIC_URL (default http://127.0.0.1:8420)
`
const DEADLINE_MS = 5_000

/** For health checks of containers and cron: exit code 0 when the collector is ready, else 1 with the reasons. */
export async function healthCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    console.log(HELP)
    return 0
  }
  const base = values.url ?? env.PANTAU_PUBLIC_URL ?? 'http://127.0.0.1:8420'
  const response = await fetch(new URL('/readyz', base), { signal: AbortSignal.timeout(DEADLINE_MS) }).catch(error => {
    // fetch itself says only that it failed; why stands in the cause.
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new Error(`${base} does not answer: ${reason}`)
  })
  const text = (await response.text()).slice(0, 2_000)
  if (response.ok) console.log(`${base} is ready`)
  else console.error(`${base} is not ready: ${text}`)
  return response.ok ? 0 : 1
}
