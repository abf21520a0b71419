import { randomUUID } from 'node:crypto'

/** An id whose order is that of its making (RFC 9562, version 7). `nowMs` is UTC. */
export function uuidV7(nowMs: number): string {
  const time = Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, '0').slice(-12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
