// A server that answers as the APIs of Proxmox VE 8 and Proxmox Backup Server 3 do, written after their API viewers: paths,
// fields, what a token may see of them, and how they refuse. https://pve.proxmox.com/pve-docs/api-viewer/
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export const PVE_TOKEN = 'pantau@pve!baca=rahasia-kota-7b-pve'
export const PBS_TOKEN = 'pantau@pbs!baca:rahasia-kota-7b-pbs'

type Row = Record<string, unknown>
export type ProxmoxState = {
  /** Path without /api2/json to the data of the answer. */
  answers: Record<string, unknown>
  /** Path of an ACL to what the token may do there. */
  privileges: Record<string, string[]>
  /** Path to a refusal in place of an answer: a status with its words. */
  refused: Record<string, [status: number, words: string]>
  mood: 'well' | 'html' | 'endless-answer' | 'hangs' | 'breaks-off'
}
export type Proxmox = {
  url: string
  state: ProxmoxState
  asked: string[]
  close(): Promise<void>
}

export async function startProxmox(tls: { key: string; cert: string }): Promise<Proxmox> {
  const asked: string[] = []
  const state: ProxmoxState = { answers: {}, privileges: {}, refused: {}, mood: 'well' }
  const server = createServer(tls, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://localhost')
    const path = url.pathname.replace(/^\/api2\/json/, '')
    asked.push(`${request.method} ${path}${url.search}`)
    const json = (status: number, body: unknown, words?: string): void => {
      const text = JSON.stringify(body)
      const type = {
        'content-type': 'application/json;charset=UTF-8',
        'content-length': String(Buffer.byteLength(text)),
      }
      if (words === undefined) response.writeHead(status, type)
      else response.writeHead(status, words, type)
      if (state.mood === 'breaks-off') response.write(text.slice(0, 10), () => response.destroy())
      else response.end(text)
    }
    if (state.mood === 'hangs') return
    if (state.mood === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>pve1 - Proxmox VE</title>')
      return
    }
    if (state.mood === 'endless-answer') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[')
      const block = '{"volid":"lagi"},'.repeat(10_000)
      const more = (): void => {
        while (!response.destroyed && response.write(block)) {}
        response.once('drain', more)
      }
      more()
      return
    }
    const given = request.headers.authorization
    if (given !== `PVEAPIToken=${PVE_TOKEN}` && given !== `PBSAPIToken=${PBS_TOKEN}`)
      return json(
        401,
        { data: null },
        given?.includes('lama') ? 'permission denied - token expired' : 'invalid token value!',
      )
    const refused = Object.entries(state.refused).find(([of]) => path.startsWith(of))?.[1]
    if (refused !== undefined) return json(refused[0], { data: null, message: `${refused[1]}\n` }, refused[1])
    const held = (at: string): string[] => state.privileges[at] ?? []
    if (path === '/access/permissions') {
      const at = url.searchParams.get('path') ?? ''
      return json(200, { data: { [at]: Object.fromEntries(held(at).map(one => [one, 1])) } })
    }
    if (!(path in state.answers)) return json(501, { data: null }, `Method 'GET ${path}' not implemented`)
    const data = state.answers[path]
    json(200, { data: Array.isArray(data) ? data.filter(row => maySee(path, row, held)) : data })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    ...{ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, state, asked },
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

/** Lists are not refused to a token that may not see what is in them: they are shorter. */
function maySee(path: string, row: Row, held: (at: string) => string[]): boolean {
  if (path === '/cluster/resources' || path === '/cluster/backup-info/not-backed-up')
    return held(`/vms/${row.vmid}`).includes('VM.Audit')
  const storage = /\/storage\/([^/]+)\/content$/.exec(path)?.[1]
  if (storage !== undefined) {
    const ofStorage = held(`/storage/${storage}`)
    if (ofStorage.includes('Datastore.Allocate')) return true
    return ofStorage.includes('Datastore.AllocateSpace') && held(`/vms/${row.vmid}`).includes('VM.Backup')
  }
  const datastore = /^\/admin\/datastore\/([^/]+)\/snapshots$/.exec(path)?.[1]
  if (datastore !== undefined) return held(`/datastore/${datastore}`).includes('Datastore.Audit')
  return true
}
