// docs/reference/api.md, made from protocol/: every call with its access, what goes in and what comes out.
import { z } from 'zod'
import * as agents from '../../protocol/agent-views.ts'
import { CALLS, type Call } from '../../protocol/api.ts'
import * as availability from '../../protocol/availability-views.ts'
import * as batches from '../../protocol/batch.ts'
import * as incidents from '../../protocol/incident-views.ts'
import { type CallName, PATHS } from '../../protocol/paths.ts'
import * as rules from '../../protocol/rule-views.ts'
import * as servers from '../../protocol/server-views.ts'
import * as sessions from '../../protocol/session-views.ts'
import * as settings from '../../protocol/settings-views.ts'
import * as tasks from '../../protocol/tasks.ts'
import * as wall from '../../protocol/wall-views.ts'

type Schema = z.core.JSONSchema.JSONSchema
type Child = Schema | boolean | undefined

/** Schemas that have a name of their own, written once and cited by name. */
function namedSchemas(): { name: string; schema: z.ZodType }[] {
  const views = { ...agents, ...availability, ...incidents, ...rules, ...servers, ...sessions, ...settings, ...wall }
  const named = Object.entries({ ...batches, ...tasks, ...views }).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [{ name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, schema: value }] : [],
  )
  return named.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function describer(): (schema: z.ZodType, io: 'input' | 'output') => Schema {
  const names = z.registry<{ id: string }>()
  for (const { name, schema } of namedSchemas()) names.add(schema, { id: name })
  return (schema, io) => z.toJSONSchema(schema, { io, metadata: names, unrepresentable: 'any' })
}

/** A shape in the notation of TypeScript, with its limits as words behind it. */
export function shapeText(schema: Child, indent = ''): string {
  if (schema === undefined || typeof schema === 'boolean') return 'unknown'
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? ''
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (isInstant(schema)) return 'instant'
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(choice => shapeText(choice, indent)).join(' | ')
  if (schema.type === 'array') return listText(schema, indent)
  if (schema.type === 'object') return objectText(schema, indent)
  return [schema.type ?? 'unknown'].flat().join(' | ')
}

const isInstant = (schema: Schema) => schema.maximum === 8_640_000_000_000_000

function listText(schema: Schema, indent: string): string {
  const tuple = schema.prefixItems
  if (tuple) return `[${tuple.map(item => shapeText(item, indent)).join(', ')}]`
  const items = shapeText(Array.isArray(schema.items) ? schema.items[0] : schema.items, indent)
  return / [|&] /.test(items) && !items.startsWith('{') ? `(${items})[]` : `${items}[]`
}

function objectText(schema: Schema, indent: string): string {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) {
    const values = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
    if (values) return `{ [name: string]: ${shapeText(values, indent)} }`
    return schema.additionalProperties === false ? '{}' : '{ [name: string]: unknown }'
  }
  const inner = `${indent}  `
  const lines = properties.map(([name, child]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    const limits = limitsText(child)
    return `${inner}${/^[\w$]+$/.test(name) ? name : `'${name}'`}${optional}: ${shapeText(child, inner)}${limits && `  // ${limits}`}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function limitsText(schema: Child): string {
  if (schema === undefined || typeof schema === 'boolean' || isInstant(schema)) return ''
  const range = (low: number | undefined, high: number | undefined, what: string): string[] => {
    const least = low === undefined || low <= Number.MIN_SAFE_INTEGER ? null : low
    const most = high === undefined || high >= Number.MAX_SAFE_INTEGER ? null : high
    if (least === null) return most === null ? [] : [`at most ${most}${what}`]
    return [most === null ? `${least} or more${what}` : `${least} to ${most}${what}`]
  }
  const formats = schema.format && schema.format !== 'safeint' ? [schema.format] : []
  return [
    ...formats,
    ...(schema.format === undefined && schema.pattern ? [`matches ${schema.pattern}`] : []),
    ...range(schema.minLength, schema.maxLength, ' characters'),
    ...range(schema.minItems, schema.maxItems, ' items'),
    ...range(schema.minimum, schema.maximum, ''),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ].join(', ')
}

const ACCESS: Record<string, string> = {
  open: 'answers anyone',
  credentials: 'carries its own proof in the request',
  address: 'the address itself is the secret',
  agent: 'needs an agent key as bearer',
  writer: "needs the key of a writer, in any of InfluxDB's ways",
  session: 'needs a signed-in person',
}

function callText(name: CallName, describe: ReturnType<typeof describer>): string {
  const [method, path] = PATHS[name]
  const { summary, access, query, body, response }: Call = CALLS[name]
  const parts: [string, Schema | undefined][] = [
    ['query', query && describe(query, 'input')],
    ['body', body && describe(body, 'input')],
    ['response', describe(response, 'output')],
  ]
  const shapes = parts.flatMap(([part, schema]) => (schema ? [`${part}: ${shapeText(schema)}`] : []))
  const who = ACCESS[access] ?? `needs the permission \`${access}\``
  return [
    `### ${name}`,
    `\`${method} ${path}\`, ${who}.`,
    `${summary}.`,
    `\`\`\`ts\n${shapes.join('\n')}\n\`\`\``,
  ].join('\n\n')
}

/** The whole page; the same input gives the same bytes. */
export function apiReference(): string {
  const describe = describer()
  const own = ({ name, schema }: { name: string; schema: z.ZodType }) => {
    const json = describe(schema, 'output')
    // A schema that has a name describes itself as a reference into its definitions.
    return `### ${name}\n\n\`\`\`ts\n${shapeText(json.$ref ? json.$defs?.[name] : json)}\n\`\`\``
  }
  return `${[
    '# HTTP API',
    'Made from `protocol/api.ts` and `protocol/paths.ts` by `npm run format`: change those, not this page. A running collector serves the same as OpenAPI 3.1 at `/api/openapi.json`.',
    'An `instant` is a whole number of UTC milliseconds. A refusal is a problem document (RFC 9457) with one of the codes in [errors.md](errors.md). A person sends the session cookie, a program `Authorization: Bearer TOKEN`; a request that changes something and carries a cookie must come from the same site. Fields that are not listed are refused, not ignored.',
    '## Calls',
    ...(Object.keys(PATHS) as CallName[]).map(name => callText(name, describe)),
    '## Shapes',
    ...namedSchemas().map(own),
  ].join('\n\n')}\n`
}
