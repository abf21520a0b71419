// The API that Proxmox VE and Proxmox Backup Server share: JSON over HTTPS, opened by an API token.
// https://pve.proxmox.com/wiki/Proxmox_VE_API and https://pbs.proxmox.com/docs/user-management.html#api-tokens
import type { BackupTrouble } from '../../../../protocol/backup-words.ts'
import { askWeb, WEB_FIELDS, type WebPlace, webFields } from '../ask-web.ts'
import { readCredentials } from '../credentials.ts'
import { FieldError, type Fields, pathField } from '../fields.ts'
import { type Signs, type Trouble, wordsTrouble } from '../program-trouble.ts'

export type ProxmoxPlace = WebPlace & {
  /** Its only line is "user@realm!name=secret". */
  tokenFile: string
}
export const PROXMOX_FIELDS = [...WEB_FIELDS, 'tokenFile'] as const

export function placeFields(fields: Fields): ProxmoxPlace {
  const place = webFields(fields)
  if (place.url.protocol !== 'https:') throw new FieldError('url', 'must begin with https://: a token opens it')
  return { ...place, tokenFile: pathField(fields, 'tokenFile') }
}

export type ProxmoxApi = {
  trouble: null
  /** `data` of the answer as it is. `query` has values as they are, not encoded. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<{ trouble: null; data: unknown } | Trouble>
  /** The same of what must be a list of objects. */
  list(path: string, query?: Readonly<Record<string, string>>): Promise<{ trouble: null; list: Row[] } | Trouble>
  /** What the token may do at a place such as /vms/100; as far as it is told. */
  privileges(path: string): Promise<string[]>
}
export type Row = Readonly<Record<string, unknown>>

const LONGEST_ANSWER_BYTES = 32 * 1024 * 1024
const TOKEN = /^([^\s@!]+@[^\s@!]+![^\s=:]+)[=:](\S+)$/

const SIGNS: Signs = [
  [/maintenance mode/i, 'locked'],
  [
    /does not exist|no such (datastore|storage|namespace|file)|unable to find|namespace not found/i,
    'repository-missing',
  ],
  [/not (online|mounted|active|available)|no route|timed? ?out|unable to connect/i, 'unreachable'],
]

export async function openProxmox(
  product: 'PVE' | 'PBS',
  place: ProxmoxPlace,
  signal: AbortSignal,
): Promise<ProxmoxApi | Trouble> {
  const read = await readCredentials({ passwordFile: place.tokenFile, environmentFile: undefined })
  if (read.trouble !== null) return read
  const [, id, secret] = TOKEN.exec(read.password?.trim() ?? '') ?? []
  if (id === undefined || secret === undefined)
    return { trouble: 'configuration-wrong', detail: `${place.tokenFile} must have one line: user@realm!name=secret` }
  const authorization = `${product}APIToken=${id}${product === 'PVE' ? '=' : ':'}${secret}`

  const get: ProxmoxApi['get'] = async (path, query = {}) => {
    const asked = new URLSearchParams(query).toString()
    const answer = await askWeb(place, {
      path: `${place.url.pathname.replace(/\/+$/, '')}/api2/json${path}${asked === '' ? '' : `?${asked}`}`,
      headers: { authorization, accept: 'application/json' },
      signal,
      longestAnswerBytes: LONGEST_ANSWER_BYTES,
    })
    if (answer.trouble !== null) return answer
    const { status, reason, text } = answer
    const body = bodyOf(text)
    if (status !== 200) {
      const said = typeof body?.message === 'string' ? body.message : reason
      return { ...refusal(status, said.replaceAll(secret, '***')) }
    }
    if (body === undefined || !('data' in body))
      return { trouble: 'answer-unreadable', detail: `${path} gave something else than JSON with data` }
    return { trouble: null, data: body.data }
  }
  return {
    trouble: null,
    get,
    async list(path, query) {
      const answer = await get(path, query)
      if (answer.trouble !== null) return answer
      const { data } = answer
      return Array.isArray(data) && data.every(one => typeof one === 'object' && one !== null)
        ? { trouble: null, list: data }
        : { trouble: 'answer-unreadable', detail: `${path} gave something else than a list` }
    },
    async privileges(path) {
      const answer = await get('/access/permissions', { path })
      const of = answer.trouble === null ? Object(Object(answer.data)[path]) : {}
      return Object.keys(of)
    },
  }
}

function bodyOf(text: string): { data?: unknown; message?: unknown } | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? body : undefined
  } catch {
    return undefined
  }
}

function refusal(status: number, said: string): Trouble {
  const words = `${status} ${said}`.trim()
  if (status === 401) return { trouble: 'wrong-password', detail: `the token is not let in: ${words}` }
  // pveproxy's own numbers from 595 on: the node that would have to answer does not.
  return wordsTrouble(words, SIGNS, STATUS[status] ?? (status > 501 ? 'unreachable' : 'answer-unreadable'))
}

const STATUS: Readonly<Record<number, BackupTrouble>> = {
  ...{ 403: 'permission-denied', 404: 'repository-missing' },
  ...{ 301: 'configuration-wrong', 302: 'configuration-wrong', 501: 'configuration-wrong' },
}

/** A whole number that a row must have; NaN for anything else. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN
}

/** When the task began that a UPID of Proxmox Backup Server names, UTC ms; null for anything else. */
export function startOfUpid(upid: unknown): number | null {
  const hex = typeof upid === 'string' ? upid.split(':')[5] : undefined
  return hex !== undefined && /^[0-9A-F]{8,10}$/i.test(hex) ? Number.parseInt(hex, 16) * 1_000 : null
}
