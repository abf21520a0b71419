import { readFile } from 'node:fs/promises'
import type { Source } from '../source.ts'

/** Size of struct utmp (utmp(5)): glibc keeps 32-bit times on x86, and has 64-bit ones on arm64. */
export const UTMP_BYTES = { x64: 384, arm64: 400 } as const
const USER_PROCESS = 7
const PID_AT = 4
const USER_AT = 44
const USER_BYTES = 32

/** How many are logged in: records of kind USER_PROCESS with a name. Throws when the file is cut. */
export function countUsers(utmp: Buffer, recordBytes: number): number {
  if (utmp.length % recordBytes !== 0) throw new Error('utmp does not consist of whole records')
  let users = 0
  for (let at = 0; at < utmp.length; at += recordBytes) {
    const hasName = utmp.subarray(at + USER_AT, at + USER_AT + USER_BYTES).some(byte => byte !== 0)
    if (utmp.readInt16LE(at) === USER_PROCESS && utmp.readInt32LE(at + PID_AT) > 0 && hasName) users += 1
  }
  return users
}

/** node_users_logged_in: a number and no names. Not offered where nothing keeps utmp, as in containers. */
export function createUsersSource(deps: { runRoot: string; arch?: string }): Source {
  const arch = deps.arch ?? process.arch
  return {
    name: 'users',
    rhythm: { everyMs: 30_000, withinMs: 5_000, firstAfterMs: 500 },
    async read() {
      const utmp = await readFile(`${deps.runRoot}/utmp`).catch(() => undefined)
      if (utmp === undefined) return 'not-offered'
      const recordBytes = arch === 'arm64' ? UTMP_BYTES.arm64 : UTMP_BYTES.x64
      return { gauges: [{ metric: 'node_users_logged_in', value: countUsers(utmp, recordBytes) }] }
    },
  }
}
