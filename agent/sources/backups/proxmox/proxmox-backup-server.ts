// Snapshots in a datastore of Proxmox Backup Server, with what its own verification found.
import type { BackupTool } from '../backup-tool.ts'
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

export type ProxmoxBackupJob = ProxmoxPlace & {
  datastore: string
  /** Parts of a datastore; the root when left out. */
  namespace: string | undefined
  /** "vm/100", "ct/101", "host/simduk"; all in the namespace that the token sees when left out. */
  groups: string[]
}

const FIELDS = [...PROXMOX_FIELDS, 'datastore', 'namespace', 'groups']

export const proxmoxBackupServer: BackupTool<ProxmoxBackupJob> = {
  name: 'proxmox-backup-server',
  parse,
  async look(job, { signal }) {
    const api = await openProxmox('PBS', job, signal)
    if (api.trouble !== null) return api
    const namespace = job.namespace === undefined ? {} : { ns: job.namespace }
    const answer = await api.list(`/admin/datastore/${job.datastore}/snapshots`, namespace)
    if (answer.trouble !== null) return answer
    const copies = new Map<string, GuestCopy[]>(job.groups.map(group => [group, []]))
    for (const snapshot of answer.list) {
      const group = `${snapshot['backup-type']}/${snapshot['backup-id']}`
      const copy = copyOf(group, snapshot)
      if (copy === undefined) return { trouble: 'answer-unreadable', detail: `a snapshot of ${group} without a time` }
      if (job.groups.length === 0 && !copies.has(group)) copies.set(group, [])
      copies.get(group)?.push(copy)
    }
    const missing = [...copies].filter(([, list]) => list.length === 0).map(([group]) => group)
    if (copies.size === 0 || missing.length > 0) return whyMissing(api, job, missing)
    return lookAtGuests(copies, [])
  },
}

function parse(fields: Fields): ProxmoxBackupJob {
  refuseOthers(fields, FIELDS)
  const datastore = textField(fields, 'datastore')
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(datastore))
    throw new FieldError('datastore', 'must be the name of a datastore')
  const groups = listField(fields, 'groups')
  if (!groups.every(group => /^(vm|ct|host)\/[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(group)))
    throw new FieldError('groups', 'must be groups such as vm/100, ct/101 or host/simduk')
  return { ...placeFields(fields), datastore, namespace: optionalText(fields, 'namespace'), groups }
}

function copyOf(group: string, { 'backup-time': time, size, files, verification }: Row): GuestCopy | undefined {
  const takenAt = numberOf(time) * 1_000
  if (Number.isNaN(takenAt)) return undefined
  const bytes = numberOf(size)
  const { state, upid } = Object(verification)
  // The index is written last: without it the snapshot goes on, or was cut off.
  const hasIndex = Array.isArray(files) && files.some(file => Object(file).filename === 'index.json.blob')
  return {
    id: `${group}/${new Date(takenAt).toISOString().replace('.000Z', 'Z')}`,
    takenAt,
    bytes: Number.isNaN(bytes) ? null : bytes,
    tookMs: null,
    trouble: state === 'failed' ? 'damaged' : hasIndex ? null : 'incomplete',
    verifiedAt: state === 'ok' ? startOfUpid(upid) : null,
  }
}

/** Who may only back up sees only what is his own: an empty list may be a list of what others own. */
async function whyMissing(
  api: ProxmoxApi,
  { datastore }: ProxmoxBackupJob,
  missing: readonly string[],
): Promise<Trouble> {
  const held = await api.privileges(`/datastore/${datastore}`)
  if (!held.includes('Datastore.Audit') && !held.includes('Datastore.Modify'))
    return {
      trouble: 'permission-denied',
      detail: `Datastore.Audit on /datastore/${datastore} is missing: it sees only its own`,
    }
  const words = missing.length === 0 ? 'no snapshot' : `no snapshot of ${missing.join(', ')}`
  return { trouble: 'nothing-there', detail: `${datastore} has ${words}` }
}
