// Backups that vzdump made of guests, as they lie on a storage. What counts is the volume, not the task: a list of tasks that
// is empty, or that shows none that failed, says nothing of copies.
import type { BackupTool, Look } from '../backup-tool.ts'
import { FieldError, type Fields, listField, optionalText, refuseOthers, textField } from '../fields.ts'
import type { Trouble } from '../program-trouble.ts'
import { type GuestCopy, lookAtGuests } from './guest-copies.ts'
import {
  numberOf,
  openProxmox,
  PROXMOX_FIELDS,
  type ProxmoxApi,
  type ProxmoxPlace,
  placeFields,
  type Row,
  startOfUpid,
} from './proxmox-api.ts'
import { failedRuns } from './vzdump-tasks.ts'

export type ProxmoxVeJob = ProxmoxPlace & {
  storage: string
  /** Node to ask; all that are online when left out. */
  node: string | undefined
  /** Numbers of the guests that the data set stands on; all that the token sees, without templates, when left out. */
  guests: string[]
}

const FIELDS = [...PROXMOX_FIELDS, 'storage', 'node', 'guests']
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

export const proxmoxVe: BackupTool<ProxmoxVeJob> = {
  name: 'proxmox-ve',
  parse,
  async look(job, { signal, now }) {
    const api = await openProxmox('PVE', job, signal)
    if (api.trouble !== null) return api
    const guests = await guestsOf(api, job)
    if (!Array.isArray(guests)) return guests
    const nodes = await nodesOf(api, job)
    if (!Array.isArray(nodes)) return nodes
    const volumes = await volumesOn(api, nodes, job.storage)
    if (!(volumes instanceof Map)) return volumes
    const copies = new Map<string, GuestCopy[]>(guests.map(guest => [guest, []]))
    for (const volume of volumes.values()) {
      const copy = copyOf(volume)
      if (copy === undefined)
        return { trouble: 'answer-unreadable', detail: 'a volume without a name, a time or a size' }
      copies.get(String(volume.vmid))?.push(copy)
    }
    const missing = guests.filter(guest => copies.get(guest)?.length === 0)
    if (missing.length > 0) return whyMissing(api, job.storage, missing)
    return lookAtGuests(copies, await failedRuns(api, nodes, copies, now()))
  },
}

function parse(fields: Fields): ProxmoxVeJob {
  refuseOthers(fields, FIELDS)
  const [storage, node] = [textField(fields, 'storage'), optionalText(fields, 'node')]
  if (!NAME.test(storage)) throw new FieldError('storage', 'must be the name of a storage')
  if (node !== undefined && !NAME.test(node)) throw new FieldError('node', 'must be the name of a node')
  const value = fields.guests
  const guests = listField({ guests: Array.isArray(value) ? value.map(String) : value && String(value) }, 'guests')
  if (!guests.every(guest => /^[1-9]\d{2,8}$/.test(guest)))
    throw new FieldError('guests', 'must be numbers of guests, such as [100, 101]')
  return { ...placeFields(fields), storage, node, guests }
}

/** What is not seen is not taken for what is not there. */
async function guestsOf(api: ProxmoxApi, { guests }: ProxmoxVeJob): Promise<string[] | Trouble> {
  const answer = await api.list('/cluster/resources', { type: 'vm' })
  if (answer.trouble !== null) return answer
  const seen = answer.list.filter(({ template }) => template !== 1).map(({ vmid }) => String(vmid))
  if (guests.length === 0)
    return seen.length > 0
      ? seen
      : {
          trouble: 'permission-denied',
          detail: 'the token sees no guest: give it PVEAuditor on /vms, or name the guests',
        }
  for (const guest of guests.filter(one => !seen.includes(one))) {
    const held = await api.privileges(`/vms/${guest}`)
    return held.includes('VM.Audit')
      ? { trouble: 'nothing-there', detail: `there is no guest ${guest}` }
      : {
          trouble: 'permission-denied',
          detail: `the token does not see guest ${guest}: VM.Audit on /vms/${guest} is missing`,
        }
  }
  return guests
}

async function nodesOf(api: ProxmoxApi, { node }: ProxmoxVeJob): Promise<string[] | Trouble> {
  if (node !== undefined) return [node]
  const answer = await api.list('/nodes')
  if (answer.trouble !== null) return answer
  const [online, offline] = [true, false].map(is =>
    answer.list.filter(({ status }) => (status === 'online') === is).map(row => String(row.node)),
  )
  if (offline !== undefined && offline.length > 0)
    return { trouble: 'unreachable', detail: `${offline.join(', ')} is offline: what lies there is not seen` }
  return online !== undefined && online.length > 0
    ? online
    : { trouble: 'permission-denied', detail: 'the token sees no node' }
}

/** By name: what is shared is seen on each node. */
async function volumesOn(
  api: ProxmoxApi,
  nodes: readonly string[],
  storage: string,
): Promise<Map<string, Row> | Trouble> {
  const volumes = new Map<string, Row>()
  let [asked, refused]: [number, Trouble | undefined] = [0, undefined]
  for (const node of nodes) {
    const answer = await api.list(`/nodes/${node}/storage/${storage}/content`, { content: 'backup' })
    // A storage may be for some nodes only.
    if (answer.trouble !== null && /not available on node/.test(answer.detail)) refused = answer
    else if (answer.trouble !== null) return answer
    else {
      asked += 1
      for (const volume of answer.list) volumes.set(String(volume.volid), volume)
    }
  }
  return asked === 0 && refused !== undefined ? { ...refused, trouble: 'repository-missing' } : volumes
}

function copyOf({ volid, ctime, size, verification }: Row): GuestCopy | undefined {
  const [takenAt, bytes] = [numberOf(ctime) * 1_000, numberOf(size)]
  if (typeof volid !== 'string' || volid === '' || Number.isNaN(takenAt) || Number.isNaN(bytes)) return undefined
  const { state, upid } = Object(verification)
  return {
    ...{ id: volid, takenAt, bytes, tookMs: null },
    // A storage on Proxmox Backup Server shows a snapshot that was never finished with a size of 1.
    trouble: state === 'failed' ? 'damaged' : bytes <= 1 ? 'incomplete' : null,
    verifiedAt: state === 'ok' ? startOfUpid(upid) : null,
  }
}

async function whyMissing(api: ProxmoxApi, storage: string, guests: readonly string[]): Promise<Look> {
  const held = await api.privileges(`/storage/${storage}`)
  if (!held.includes('Datastore.Allocate')) {
    for (const guest of guests) {
      const ofGuest = await api.privileges(`/vms/${guest}`)
      // An auditor sees the storage, and none of the backups on it.
      if (held.includes('Datastore.AllocateSpace') && ofGuest.includes('VM.Backup')) continue
      const needed = `Datastore.AllocateSpace on /storage/${storage} and VM.Backup on /vms/${guest}`
      return {
        trouble: 'permission-denied',
        detail: `the token would not see backups of guest ${guest}: it needs ${needed}`,
      }
    }
  }
  const answer = await api.list('/cluster/backup-info/not-backed-up')
  const without = answer.trouble === null ? answer.list.map(({ vmid }) => String(vmid)) : []
  const words = guests.map(guest => `guest ${guest}${without.includes(guest) ? ' (in no backup job)' : ''}`)
  return { trouble: 'nothing-there', detail: `${storage} has no backup of ${words.join(', ')}` }
}
