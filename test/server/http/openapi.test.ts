import { describe, expect, it } from 'vitest'
import { CALLS } from '../../../protocol/api.ts'
import { type CallName, PATHS } from '../../../protocol/paths.ts'
import { PROBLEMS } from '../../../protocol/problem.ts'
import { openApiDocument } from '../../../server/http/openapi.ts'

type Tree = { [key: string]: unknown }
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The document as it goes over the wire. */
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as Tree

function treeAt(root: unknown, ...path: string[]): Tree {
  let found = root
  for (const key of path) found = isTree(found) ? found[key] : undefined
  if (!isTree(found)) throw new Error(`there is nothing at ${path.join('/')}`)
  return found
}

/** Every node of a tree, with where it stands. */
function* walk(value: unknown, path: string[] = []): Generator<{ path: string[]; value: unknown }> {
  yield { path, value }
  const members = Array.isArray(value) ? value.entries() : isTree(value) ? Object.entries(value) : []
  for (const [key, member] of members) yield* walk(member, [...path, String(key)])
}

const operations = Object.entries(treeAt(document, 'paths')).flatMap(([path, item]) =>
  Object.entries(item as Tree).map(([method, operation]) => ({ path, method, operation: operation as Tree })),
)

describe('the document', () => {
  it('says what OpenAPI 3.1 must say', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(treeAt(document, 'info')).toMatchObject({ title: 'Pantau', version: '1.2.3' })
    expect(Object.keys(document).sort()).toEqual(['components', 'info', 'openapi', 'paths'])
    expect(openApiDocument('1.2.3')).toEqual(document)
  })

  it('has every call of the table under its path and method, and nothing else', () => {
    const expected = Object.entries(PATHS).map(([name, [method, path]]) => [
      name,
      method.toLowerCase(),
      path.replace(/:(\w+)/g, '{$1}'),
    ])
    const found = operations.map(({ path, method, operation }) => [operation.operationId, method, path])
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  it('has no reference to nothing', () => {
    for (const { path, value } of walk(document)) {
      if (!isTree(value) || typeof value.$ref !== 'string') continue
      expect(value.$ref, path.join('/')).toMatch(/^#\//)
      expect(() => treeAt(document, ...String(value.$ref).slice(2).split('/'))).not.toThrow()
    }
  })
})

describe('each operation', () => {
  it.each(operations.map(one => [`${one.method.toUpperCase()} ${one.path}`, one] as const))('%s', (_, one) => {
    const { path, operation } = one
    const name = operation.operationId as CallName
    const call = CALLS[name]
    expect(operation.summary).toBe(call.summary)

    // Each part of the path in braces is a parameter, required, and no parameter is there twice.
    const parameters = (operation.parameters ?? []) as Tree[]
    const inPath = parameters.filter(parameter => parameter.in === 'path')
    expect(inPath.map(parameter => parameter.name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part))
    for (const parameter of inPath) expect(parameter.required).toBe(true)
    const names = parameters.map(parameter => `${String(parameter.in)} ${String(parameter.name)}`)
    expect(new Set(names).size).toBe(names.length)
    for (const parameter of parameters) {
      expect(['path', 'query']).toContain(parameter.in)
      expect(isTree(parameter.schema)).toBe(true)
    }
    const asked = 'query' in call ? Object.keys(call.query.shape) : []
    expect(parameters.filter(parameter => parameter.in === 'query').map(parameter => parameter.name)).toEqual(asked)

    // What goes in, what comes out, and how it is refused.
    expect(operation.requestBody !== undefined).toBe('body' in call)
    if ('body' in call) {
      expect(['post', 'put']).toContain(one.method)
      expect(treeAt(operation, 'requestBody', 'content', 'application/json', 'schema')).toMatchObject({
        type: 'object',
      })
    }
    const responses = treeAt(operation, 'responses')
    for (const [status, response] of Object.entries(responses)) {
      expect(status).toMatch(/^([1-5]\d\d|default)$/)
      expect(isTree(response) && (typeof response.description === 'string' || '$ref' in response)).toBe(true)
    }
    expect(treeAt(responses, '200', 'content', 'application/json', 'schema')).toMatchObject({ type: 'object' })
    expect(responses.default).toEqual({ $ref: '#/components/responses/Problem' })

    // Who may call it: schemes that exist, and none only where the request carries its own proof or it is open.
    const schemes = Object.keys(treeAt(document, 'components', 'securitySchemes'))
    const security = operation.security as Tree[]
    for (const requirement of security) for (const scheme of Object.keys(requirement)) expect(schemes).toContain(scheme)
    expect(security.length === 0).toBe(['open', 'credentials', 'address'].includes(call.access))
    if (call.access === 'agent') expect(security).toEqual([{ agentKey: [] }])
  })
})

describe('the schemas', () => {
  it('refuse what is not in the contract, and name their required members', () => {
    for (const { path, value } of walk(treeAt(document, 'paths'))) {
      if (!isTree(value) || !isTree(value.properties) || !Array.isArray(value.required)) continue
      for (const name of value.required) expect(Object.keys(value.properties), path.join('/')).toContain(name)
      expect(value.additionalProperties, path.join('/')).toBe(false)
    }
  })

  it('tell what is needed of a request, and leave out what has a default', () => {
    const body = treeAt(
      document,
      'paths',
      '/api/v1/channels',
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
    )
    expect(body.required).toEqual(['name', 'kind', 'settings'])
    const [limit] = (treeAt(document, 'paths', '/api/v1/audit', 'get').parameters as Tree[]).filter(
      parameter => parameter.name === 'limit',
    )
    expect(limit).toMatchObject({ required: false, schema: { type: 'integer', minimum: 1, maximum: 500 } })
  })

  it('have every error code', () => {
    const problem = treeAt(
      document,
      'components',
      'responses',
      'Problem',
      'content',
      'application/problem+json',
      'schema',
    )
    expect(treeAt(problem, 'properties', 'code').enum).toEqual(Object.keys(PROBLEMS))
  })
})
