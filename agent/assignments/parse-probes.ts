import { DNS_TYPES, PROBE_LIMITS } from '../../protocol/probe-words.ts'
import type { ProbeCheck, ProbeTarget } from '../../protocol/probes.ts'
import { exactly, isAddress, isId, isPort, isWhole, listOf } from './parse-snmp.ts'

// As strict as the schemas in protocol/probes.ts; a test holds both against each other.

const HOST = /^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,62})(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*\.?$/
const NAME = /^[a-z0-9][a-z0-9.:-]*$/

const isText = (value: unknown, least: number, most: number): value is string =>
  typeof value === 'string' && value.length >= least && value.length <= most

const isHost = (value: unknown): value is string =>
  isAddress(value) || (isText(value, 1, PROBE_LIMITS.host) && HOST.test(value))

const textOf = (value: unknown): string | undefined => (isText(value, 1, PROBE_LIMITS.text) ? value : undefined)

function isWebAddress(value: unknown): value is string {
  return isText(value, 1, PROBE_LIMITS.url) && /^https?:\/\//i.test(value) && URL.canParse(value)
}

type Http = Extract<ProbeCheck, { kind: 'http' }>

function parseHttp(value: unknown): Http | undefined {
  const fields = exactly(value, [
    ...['kind', 'url', 'method', 'statuses', 'keyword', 'jsonPath', 'redirects', 'certificate'],
  ])
  if (fields === undefined || !isWebAddress(fields.url)) return undefined
  const { url, method, redirects, certificate } = fields
  const statuses = listOf(fields.statuses, [0, PROBE_LIMITS.expected], one =>
    isWhole(one, [100, 599]) ? one : undefined,
  )
  if ((method !== 'GET' && method !== 'HEAD') || (redirects !== 'follow' && redirects !== 'stay')) return undefined
  if (statuses === undefined || (certificate !== 'verify' && certificate !== 'accept-any')) return undefined
  let keyword: Http['keyword'] = null
  if (fields.keyword !== null) {
    const { text, is } = exactly(fields.keyword, ['text', 'is']) ?? {}
    if (!isText(text, 1, PROBE_LIMITS.text) || (is !== 'present' && is !== 'absent')) return undefined
    keyword = { text, is }
  }
  let jsonPath: Http['jsonPath'] = null
  if (fields.jsonPath !== null) {
    const { path, equals } = exactly(fields.jsonPath, ['path', 'equals']) ?? {}
    if (!isText(path, 1, PROBE_LIMITS.text) || !isText(equals, 0, PROBE_LIMITS.text)) return undefined
    jsonPath = { path, equals }
  }
  return { kind: 'http', url, method, statuses, keyword, jsonPath, redirects, certificate }
}

function parseDns(value: unknown): ProbeCheck | undefined {
  const { name, type, server, expected } = exactly(value, ['kind', 'name', 'type', 'server', 'expected']) ?? {}
  const known = DNS_TYPES.find(one => one === type)
  const answers = listOf(expected, [0, PROBE_LIMITS.expected], textOf)
  if (known === undefined || answers === undefined || !isText(name, 1, PROBE_LIMITS.host)) return undefined
  if (server !== null && !isAddress(server)) return undefined
  return { kind: 'dns', name, type: known, server, expected: answers }
}

function parseCheck(value: unknown): ProbeCheck | undefined {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  if (kind === 'icmp') {
    const { address, packets, packetGapMs } = exactly(value, ['kind', 'address', 'packets', 'packetGapMs']) ?? {}
    if (!isAddress(address) || !isWhole(packets, PROBE_LIMITS.packets)) return undefined
    return isWhole(packetGapMs, PROBE_LIMITS.packetGapMs) ? { kind, address, packets, packetGapMs } : undefined
  }
  if (kind === 'tcp') {
    const { host, port } = exactly(value, ['kind', 'host', 'port']) ?? {}
    return isHost(host) && isPort(port) ? { kind, host, port } : undefined
  }
  if (kind === 'tls') {
    const { host, port, serverName } = exactly(value, ['kind', 'host', 'port', 'serverName']) ?? {}
    if (!isHost(host) || !isPort(port)) return undefined
    if (serverName !== null && !isText(serverName, 1, PROBE_LIMITS.host)) return undefined
    return { kind, host, port, serverName }
  }
  if (kind === 'http') return parseHttp(value)
  return kind === 'dns' ? parseDns(value) : undefined
}

const FIELDS = [
  ...['id', 'subject', 'name', 'everyMs', 'timeoutMs', 'figuresEveryMs', 'failures', 'retryEveryMs', 'successes'],
  ...['parents', 'check'],
]

export function parseProbeTarget(value: unknown): ProbeTarget | undefined {
  const fields = exactly(value, FIELDS)
  if (fields === undefined) return undefined
  const { id, subject, name, everyMs, timeoutMs, figuresEveryMs, failures, retryEveryMs, successes } = fields
  const check = parseCheck(fields.check)
  const parents = listOf(fields.parents, [0, PROBE_LIMITS.parents], one => (isId(one) ? one : undefined))
  if (check === undefined || parents === undefined || !isId(id) || !isId(subject)) return undefined
  if (!isText(name, 1, PROBE_LIMITS.name) || !NAME.test(name)) return undefined
  if (!isWhole(everyMs, PROBE_LIMITS.everyMs) || !isWhole(timeoutMs, PROBE_LIMITS.timeoutMs)) return undefined
  if (!isWhole(figuresEveryMs, PROBE_LIMITS.figuresEveryMs) || !isWhole(failures, PROBE_LIMITS.failures))
    return undefined
  if (!isWhole(retryEveryMs, PROBE_LIMITS.retryEveryMs) || !isWhole(successes, PROBE_LIMITS.successes)) return undefined
  return {
    ...{ id, subject, name, everyMs, timeoutMs, figuresEveryMs, failures, retryEveryMs, successes, parents, check },
  }
}
