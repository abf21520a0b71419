// A Proxmox VE and a Proxmox Backup Server in which all is well, and what a case changes in them.
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { selfSignedCertificate } from '../../../../../server/platform/self-signed-certificate.ts'
import { PBS_TOKEN, type ProxmoxState, PVE_TOKEN, startProxmox } from '../../../../support/proxmox.ts'
import type { BackupCase } from './backup-case.ts'

const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const valid = { from: Date.now() - 3_600_000, until: Date.now() + 3_600_000 }
const cert = selfSignedCertificate({ key, names: ['127.0.0.1'], ...valid })
const proxmox = await startProxmox({ key: key.export({ type: 'sec1', format: 'pem' }).toString(), cert })
const folder = mkdtempSync(join(tmpdir(), 'pantau-proxmox-'))
export const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), `${text}\n`)
  return join(folder, name)
}
const [pve, pbs] = [file('pve', PVE_TOKEN), file('pbs', PBS_TOKEN.replace(/:(?=[^:]*$)/, '='))]
export const expired = file('lama', 'pantau@pve!lama=rahasia-kota-7b-lama')
afterAll(async () => {
  await proxmox.close()
  rmSync(folder, { recursive: true })
})

const DAY_S = 86_400
const LAST_NIGHT_S = Math.floor(Date.now() / 1_000) - DAY_S / 2
/** Unix seconds. */
export const night = (daysAgo: number): number => LAST_NIGHT_S - daysAgo * DAY_S
export const volume = (vmid: number, daysAgo: number, size: number, more: object = {}) => ({
  ...{ volid: `nas:backup/vzdump-qemu-${vmid}-${daysAgo}.vma.zst`, vmid, ctime: night(daysAgo), size },
  ...{ content: 'backup', format: 'vma.zst', subtype: 'qemu', ...more },
})
const upid = (at: number, type: string, id: string): string =>
  `UPID:pve1:0000A1B2:0C6DE000:${at.toString(16).toUpperCase().padStart(8, '0')}:${type}:${id}:root@pam:`
export const verifyUpid = (at: number): string =>
  `UPID:pbs:000002F1:00000A5C:0000001D:${at.toString(16).toUpperCase().padStart(8, '0')}:verify:utama:root@pam:`
export const task = (daysAgo: number, id: string, status: string | undefined, seconds = 600) => ({
  ...{ upid: upid(night(daysAgo) - 60, 'vzdump', id), node: 'pve1', type: 'vzdump', id, user: 'root@pam' },
  starttime: night(daysAgo) - 60,
  ...(status === undefined ? {} : { endtime: night(daysAgo) - 60 + seconds, status }),
})
export const snapshot = (id: string, daysAgo: number, size: number | undefined, more: object = {}) => ({
  ...{ 'backup-type': 'vm', 'backup-id': id, 'backup-time': night(daysAgo), owner: 'root@pam', protected: false },
  files: [{ filename: 'drive-scsi0.img.fidx' }, ...(size === undefined ? [] : [{ filename: 'index.json.blob' }])],
  ...(size === undefined ? {} : { size }),
  ...more,
})

export const CONTENT = '/nodes/pve1/storage/nas/content'
export const TASKS = '/nodes/pve1/tasks'
export const SNAPSHOTS = '/admin/datastore/utama/snapshots'
const every = ['VM.Audit', 'VM.Backup']
/** Two guests that are backed up each night, a third beside them. */
const well = (): ProxmoxState => ({
  mood: 'well',
  refused: {},
  privileges: {
    ...{ '/vms/100': every, '/vms/101': every, '/vms/102': every, '/datastore/utama': ['Datastore.Audit'] },
    '/storage/nas': ['Datastore.Audit', 'Datastore.AllocateSpace'],
  },
  answers: {
    '/cluster/resources': [100, 101, 102].map(vmid => ({ id: `qemu/${vmid}`, type: 'qemu', vmid, node: 'pve1' })),
    '/cluster/backup-info/not-backed-up': [{ vmid: 102, type: 'qemu', name: 'arsip' }],
    '/nodes': [{ node: 'pve1', status: 'online', type: 'node' }],
    [CONTENT]: [0, 1, 2].flatMap(ago => [volume(100, ago, 5_000), volume(101, ago, 700)]),
    [TASKS]: [0, 1, 2].map(ago => task(ago, '', 'OK')),
    [SNAPSHOTS]: [0, 1, 2].flatMap(ago => [snapshot('100', ago, 5_000), snapshot('101', ago, 700)]),
  },
})
/** Laid over the state in which all is well. */
type Change = Partial<ProxmoxState>
export type ProxmoxCase = BackupCase & { with?: Change }
export const set = (path: string, value: unknown): Change => ({ answers: { [path]: value } })
export const may = (path: string, ...privileges: string[]): Change => ({ privileges: { [path]: privileges } })
export const refuse = (path: string, status: number, words: string): Change => ({
  refused: { [path]: [status, words] },
})
export function change(to: Change = {}): void {
  const { answers, privileges, refused, mood } = well()
  Object.assign(proxmox.state, {
    answers: { ...answers, ...to.answers },
    privileges: { ...privileges, ...to.privileges },
    refused: { ...refused, ...to.refused },
    mood: to.mood ?? mood,
  })
}
const base = { url: proxmox.url, fingerprint: new X509Certificate(cert).fingerprint256 }
export const ve = (more: object = {}) => ({ ...base, tokenFile: pve, storage: 'nas', guests: [100], ...more })
export const bs = (more: object = {}) => ({ ...base, tokenFile: pbs, datastore: 'utama', groups: ['vm/100'], ...more })
export const look = { action: 'look' } as const
