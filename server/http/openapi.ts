// OpenAPI 3.1 from the table of calls: the document can't say anything else than what the router does.
import { z } from 'zod'
import { CALLS, type Call, type CallAccess } from '../../protocol/api.ts'
import { type CallName, PATHS } from '../../protocol/paths.ts'
import { ISSUE_CODES, PROBLEMS } from '../../protocol/problem.ts'

const SECURITY: Record<'person' | 'agent' | 'writer' | 'none', Record<string, string[]>[]> = {
  person: [{ session: [] }, { apiToken: [] }],
  agent: [{ agentKey: [] }],
  writer: [{ writerKey: [] }, { writerPassword: [] }],
  none: [],
}

export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const name of Object.keys(PATHS) as CallName[]) {
    const [method, path] = PATHS[name]
    const openPath = path.replace(/:([a-z]+)/gi, '{$1}')
    paths[openPath] = { ...paths[openPath], [method.toLowerCase()]: operationOf(name, CALLS[name], path) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Pantau', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: {
        session: {
          ...{ type: 'apiKey', in: 'cookie', name: 'pantau_session' },
          description: 'Over HTTPS its name is __Host-pantau_session',
        },
        apiToken: { type: 'http', scheme: 'bearer', description: 'An API token with scopes' },
        agentKey: { type: 'http', scheme: 'bearer', description: 'The key that an agent got at enrolment' },
        writerKey: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '"Token KEY" or "Bearer KEY" with the key of a writer',
        },
        writerPassword: { type: 'http', scheme: 'basic', description: 'Any name, and the key of a writer as password' },
      },
      responses: {
        Problem: {
          description: 'RFC 9457 problem details',
          content: {
            'application/problem+json': {
              schema: {
                type: 'object',
                required: ['type', 'title', 'status', 'code'],
                properties: {
                  type: { type: 'string' },
                  title: { type: 'string' },
                  status: { type: 'integer' },
                  code: { enum: Object.keys(PROBLEMS) },
                  detail: { type: 'string' },
                  retryAfterS: { type: 'integer' },
                  issues: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['path', 'message'],
                      properties: {
                        ...{ path: { type: 'string' }, message: { type: 'string' } },
                        ...{ code: { enum: [...ISSUE_CODES] }, limit: { type: ['number', 'string'] } },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  }
}

function operationOf(name: CallName, call: Call, path: string): Record<string, unknown> {
  const pathParameters = [...path.matchAll(/:([a-z]+)/gi)].map(([, parameter]) => ({
    name: parameter,
    in: 'path',
    required: true,
    // What has a name of its own in a pack is called by it.
    schema: parameter === 'id' ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }))
  const queryParameters = call.query === undefined ? [] : queryParametersOf(call.query)
  return {
    operationId: name,
    summary: call.summary,
    description: accessText(call.access),
    security: SECURITY[securityOf(call.access)],
    ...(pathParameters.length + queryParameters.length > 0
      ? { parameters: [...pathParameters, ...queryParameters] }
      : {}),
    ...(call.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(call.body, 'input') } } },
        }),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: jsonSchema(call.response, 'output') } } },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function queryParametersOf(query: z.ZodObject): Record<string, unknown>[] {
  const schema = jsonSchema(query, 'input') as { properties?: Record<string, unknown>; required?: string[] }
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
  }))
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

function securityOf(access: CallAccess): keyof typeof SECURITY {
  if (access === 'open' || access === 'credentials' || access === 'address') return 'none'
  return access === 'agent' || access === 'writer' ? access : 'person'
}

function accessText(access: CallAccess): string {
  switch (access) {
    case 'open':
      return 'Answers anyone.'
    case 'credentials':
      return 'Carries its own proof.'
    case 'address':
      return 'The address itself is the secret.'
    case 'agent':
      return 'Needs an agent key.'
    case 'writer':
      return 'Needs the key of a writer.'
    case 'session':
      return 'Needs a signed-in person.'
    default:
      return `Needs the permission ${access}.`
  }
}
