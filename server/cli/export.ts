import { createWriteStream, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { PATHS } from '../../protocol/paths.ts'
import { recordId } from '../../protocol/shapes.ts'
import { AGGREGATES, EXPORT_FORMATS } from '../../protocol/vocabulary.ts'
import { wallView } from '../../protocol/wall-views.ts'

const HELP = `pantau export: the samples of one metric of one server as a file

  --subject NAME      name, slug or id of the server
  --metric NAME       e.g. node_load1
  --from TIME         e.g. 2026-11-01 or 2026-11-01T00:00:00+07:00; without a zone it is UTC
  --to TIME           left out, now
  --format csv|parquet
  --out FILE
  --step SECONDS      a row a step instead of a row a sample; with --aggregate ${AGGREGATES.join('|')} (default avg)
  --url URL           the collector; also PANTAU_PUBLIC_URL (default http://127.0.0.1:8420)
  --token-file FILE   file with an API token that may read; also PANTAU_API_TOKEN_FILE, or the token in PANTAU_API_TOKEN

It asks a running collector, which alone may open its store. The file appears under its name when it is whole.
`

const OPTIONS = {
  subject: { type: 'string' },
  metric: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  step: { type: 'string' },
  aggregate: { type: 'string' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const time = z
  .string()
  .transform(text => Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text))
  .refine(at => Number.isFinite(at), 'is no time: write 2026-11-01 or 2026-11-01T00:00:00+07:00')

const asked = z.object({
  subject: z.string('is needed'),
  metric: z.string('is needed'),
  from: z.string('is needed').pipe(time),
  to: time.optional(),
  format: z.enum(EXPORT_FORMATS, `must be ${EXPORT_FORMATS.join(' or ')}`),
  out: z.string('is needed').min(1),
  step: z.coerce.number().int().min(1).optional(),
  aggregate: z.enum(AGGREGATES).optional(),
})

/** Exit code 0: the file is there; 1: it is not, with the reason; 2: the call was wrong. */
export async function exportCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS })
  if (values.help === true) {
    console.log(HELP)
    return 0
  }
  const parsed = asked.safeParse(values)
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) console.error(`--${path.join('.')}: ${message}`)
    return 2
  }
  const { subject, metric, from, to = Date.now(), format, out, step, aggregate } = parsed.data
  const base = values.url ?? (env.PANTAU_PUBLIC_URL || 'http://127.0.0.1:8420')
  const ask = askerOf(base, tokenOf(values['token-file'] ?? env.PANTAU_API_TOKEN_FILE, env))
  const query = new URLSearchParams({ subject: await subjectOf(ask, subject), metric, format })
  query.set('from', String(from))
  query.set('to', String(to))
  if (step !== undefined) query.set('stepMs', String(step * 1000))
  if (aggregate !== undefined) query.set('aggregate', aggregate)

  const response = await ask(`${PATHS.exportSeries[1]}?${query}`)
  if (response.body === null) throw new Error('the collector answered without a body')
  const part = `${out}.part`
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(part, { mode: 0o600 }))
    await rename(part, out)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  console.log(`${out} is written`)
  return 0
}

type Ask = (path: string) => Promise<Response>

function askerOf(base: string, token: string): Ask {
  return async path => {
    const response = await fetch(new URL(path, base), { headers: { authorization: `Bearer ${token}` } })
    if (response.ok) return response
    const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string }
    throw new Error(`${response.status} ${[problem.title, problem.detail].filter(Boolean).join(': ')}`)
  }
}

function tokenOf(file: string | undefined, env: NodeJS.ProcessEnv): string {
  const token = file ? readFileSync(file, 'utf8').trim() : (env.PANTAU_API_TOKEN ?? '')
  if (token === '') throw new Error('an API token is needed: --token-file FILE or PANTAU_API_TOKEN')
  return token
}

/** The id of the server that is called so. */
async function subjectOf(ask: Ask, subject: string): Promise<string> {
  if (recordId.safeParse(subject).success) return subject
  const { servers } = wallView.parse(await (await ask(PATHS.wall[1])).json())
  const found = servers.filter(({ name, slug }) => slug === subject || name === subject)
  const [one, ...others] = found.some(({ slug }) => slug === subject)
    ? found.filter(({ slug }) => slug === subject)
    : found
  if (one === undefined) throw new Error(`there is no server called ${subject}`)
  if (others.length > 0) {
    throw new Error(
      `${found.length} servers are called ${subject}; take one of ${found.map(({ slug }) => slug).join(', ')}`,
    )
  }
  return one.id
}
