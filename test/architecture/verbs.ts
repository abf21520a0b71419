// Every change by a person goes through a verb: one place with permission, parse and audit entry.
import { importsOf, SOURCE } from './imports.ts'
import { type Token, tokensOf } from './tokens.ts'
import type { Tree, Violation } from './tree.ts'

/** A call of the HTTP API, as protocol/paths.ts and protocol/api.ts have it. */
export type ApiCall = { name: string; method: string; access: string }

/** What machines deliver with a key of their own; everything else that changes something is done by a person. */
export const MACHINE_CALLS: readonly string[] = [
  ...['ingest', 'enrol', 'agentOrders', 'answerTask', 'upgradeOffer', 'push'],
  ...['write', 'writePing', 'writeQuery', 'writeCommand'],
  ...['ping', 'pingWithText', 'pingStep', 'pingStepWithText'],
]

const ROUTE_KINDS = ['verbRoute', 'readRoute', 'machineRoute'] as const
type Route = { kind: (typeof ROUTE_KINDS)[number]; call: string; handler: string; path: string; line: number }

export type Verb = { path: string; line: number; variable: string; keys: Map<string, Token[]>; inPlace: boolean }

const isCode = (token: Token | undefined, text: string) => token?.text === text && token.kind !== 'string'

/** Each `defineVerb({...})` with the keys that are written in it. */
export function verbsOf(tree: Tree, path: string): Verb[] {
  const tokens = tokensOf(tree, path)
  return tokens.flatMap((token, i) => {
    if (!isCode(token, 'defineVerb') || isCode(tokens[i - 1], 'function')) return []
    let open = i + 1
    if (isCode(tokens[open], '<')) while (open < tokens.length && !isCode(tokens[open], '(')) open += 1
    if (!isCode(tokens[open], '(')) return []
    const variable = isCode(tokens[i - 1], '=') ? (tokens[i - 2]?.text ?? '') : ''
    const inPlace = isCode(tokens[open + 1], '{')
    return [{ path, line: token.line, variable, keys: inPlace ? keysOf(tokens, open + 1) : new Map(), inPlace }]
  })
}

/** Keys of the object literal that opens at `start`, each with the tokens of its value (none for a shorthand). */
function keysOf(tokens: readonly Token[], start: number): Map<string, Token[]> {
  const keys = new Map<string, Token[]>()
  let depth = 0
  let key: string | null = null
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]
    if (!token) break
    if (depth === 1 && key !== null && !isCode(token, ',') && !(isCode(token, '}') && depth === 1))
      keys.get(key)?.push(token)
    if (token.kind === 'punct' && '({['.includes(token.text)) depth += 1
    if (token.kind === 'punct' && ')}]'.includes(token.text)) depth -= 1
    if (depth === 0) break
    if (depth !== 1) continue
    if (isCode(token, ',') || i === start) {
      const at = isCode(tokens[i + 1], 'async') ? i + 2 : i + 1
      key = tokens[at]?.kind === 'punct' ? null : (tokens[at]?.text ?? null)
      if (key !== null) keys.set(key, [])
      i = at
    }
  }
  return keys
}

function routesOf(tree: Tree): Route[] {
  const routes: Route[] = []
  for (const path of tree.keys()) {
    if (!path.startsWith('server/http/') || !SOURCE.test(path)) continue
    const tokens = tokensOf(tree, path)
    tokens.forEach((token, i) => {
      const kind = ROUTE_KINDS.find(name => isCode(token, name))
      if (!kind || isCode(tokens[i - 1], 'function') || !isCode(tokens[i + 1], '(')) return
      const call = tokens[i + 2]?.kind === 'string' ? (tokens[i + 2]?.text ?? '') : ''
      routes.push({ kind, call, handler: tokens[i + 4]?.text ?? '', path, line: token.line })
    })
  }
  return routes
}

export function verbViolations(tree: Tree, calls: readonly ApiCall[]): Violation[] {
  const verbs = [...tree.keys()]
    .filter(path => path.startsWith('server/') && SOURCE.test(path))
    .flatMap(path => verbsOf(tree, path))
  return [
    ...rawRoutes(tree),
    ...verbs.flatMap(incompleteVerb),
    ...repeated(verbs.map(verb => ({ ...verb, name: literal(verb.keys.get('name')) ?? '' }))),
    ...unansweredCalls(routesOf(tree), calls),
    ...routesOf(tree).flatMap(route => wrongRoute(tree, route, calls, verbs)),
  ]
}

const literal = (value: Token[] | undefined): string | null => {
  const token = value?.find(({ text, kind }) => !(kind === 'punct' && text === ':'))
  return token?.kind === 'string' && token.text !== '' ? token.text : null
}

function incompleteVerb({ path, line, keys, inPlace }: Verb): Violation[] {
  if (!inPlace)
    return [{ path, line, what: 'a verb is written in place: defineVerb({ name, permission, audit, ... })' }]
  const violations: Violation[] = []
  for (const key of ['name', 'permission'])
    if (literal(keys.get(key)) === null) violations.push({ path, line, what: `a verb without a literal ${key}` })
  const audit = keys.get('audit')?.filter(({ text }) => text !== ':')[0]
  if (audit === undefined || /^(undefined|null|false|void)$/.test(audit.text))
    violations.push({ path, line, what: 'a verb without audit' })
  return violations
}

function repeated(named: { name: string; path: string; line: number }[]): Violation[] {
  return named.flatMap(({ name, path, line }, i) => {
    const first = named.findIndex(other => other.name === name)
    return name === '' || first === i ? [] : [{ path, line, what: `a second verb is called ${name}` }]
  })
}

const CHANGING = new Set(['post', 'put', 'patch', 'delete', 'all'])

/** A route that changes something without going through verbRoute or machineRoute. */
function rawRoutes(tree: Tree): Violation[] {
  const violations: Violation[] = []
  for (const path of tree.keys()) {
    if (!path.startsWith('server/http/') || !SOURCE.test(path)) continue
    const tokens = tokensOf(tree, path)
    if (tokens.some((token, i) => isCode(token, 'function') && isCode(tokens[i + 1], 'verbRoute'))) continue
    tokens.forEach((token, i) => {
      if (token.kind !== 'word' || !CHANGING.has(token.text)) return
      const receiver = tokens[i - 2]?.text ?? ''
      if (!isCode(tokens[i - 1], '.') || !isCode(tokens[i + 1], '(') || !/^(router|app|routes|api|\))$/i.test(receiver))
        return
      violations.push({ path, line: token.line, what: `${receiver}.${token.text}() changes something without a verb` })
    })
  }
  return violations
}

/** Each call that changes something is answered once; a path without a route says so by its name. */
function unansweredCalls(routes: Route[], calls: readonly ApiCall[]): Violation[] {
  return calls.flatMap(({ name }) => {
    const answers = routes.filter(route => route.call === name)
    if (answers.length === 1) return []
    const where = answers.map(({ path, line }) => `${path}:${line}`).join(', ')
    return [{ path: 'protocol/paths.ts', what: `${name} is answered by ${answers.length} routes ${where}`.trim() }]
  })
}

function wrongRoute(tree: Tree, route: Route, calls: readonly ApiCall[], verbs: readonly Verb[]): Violation[] {
  const { kind, path, line, handler } = route
  const refuse = (what: string): Violation[] => [{ path, line, what }]
  const call = calls.find(({ name }) => name === route.call)
  if (!call) return refuse(`${kind} of "${route.call}", which is not a call of protocol/paths.ts`)
  const machine = MACHINE_CALLS.includes(call.name)
  if (kind === 'readRoute') return call.method === 'GET' ? [] : refuse(`readRoute answers ${call.name}, which changes`)
  if (kind === 'machineRoute') return machine ? [] : refuse(`machineRoute answers ${call.name}, which people call`)
  if (call.method === 'GET' || machine) return refuse(`verbRoute answers ${call.name}, which no person changes by`)
  const source = importsOf(tree, path).find(({ names }) => names.includes(handler))?.target
  const file = source ?? path
  const verb = verbs.find(({ path, variable }) => path === file && variable === handler)
  if (!verb) return refuse(`${call.name} is answered by ${handler}, which is not a verb of ${file} (no defineVerb)`)
  const permission = literal(verb.keys.get('permission'))
  if (permission !== call.access)
    return refuse(`${call.name} needs ${call.access} by protocol/api.ts, its verb asks for ${permission}`)
  return []
}
