// Simulated routers with 24 interfaces, in a process of their own: only who asks them is measured.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IF } from '../../../agent/sources/snmp/discover/interfaces.ts'
import type { SnmpCredential } from '../../../protocol/snmp.ts'

const INTERFACES = 24
export const FIRST_PORT = 21_000
/** Nobody listens from here on. */
const FIRST_DEAD_PORT = 19_000
const KEYS = { auth: 'a-pass-phrase-1', privacy: 'a-pass-phrase-2' }

export const CREDENTIALS: Record<'v2c' | 'v3', SnmpCredential> = {
  v2c: { version: 'v2c', community: 'public' },
  v3: {
    ...{ version: 'v3', level: 'authPriv', user: 'pantau' },
    ...{ auth: { protocol: 'sha1', key: KEYS.auth }, privacy: { protocol: 'aes128', key: KEYS.privacy } },
  },
}

/** Two states and six counters of each interface. */
export const COLUMNS = [
  ...[IF.adminStatus, IF.operStatus, IF.inErrors, IF.outErrors],
  ...[IF.inDiscards, IF.outDiscards, IF.hcInOctets, IF.hcOutOctets],
]
export const OIDS = Array.from({ length: INTERFACES }, (_, index) =>
  COLUMNS.map(column => `${column}.${index + 1}`),
).flat()

function recording(): string {
  const lines = [
    ...['1.3.6.1.2.1.1.1.0|4|RouterOS bench', '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1'],
    ...['1.3.6.1.2.1.1.3.0|67|8640000', '1.3.6.1.2.1.1.5.0|4|bench', `1.3.6.1.2.1.2.1.0|2|${INTERFACES}`],
  ]
  for (let index = 1; index <= INTERFACES; index += 1) {
    const integer = { [IF.type]: 6, [IF.adminStatus]: 1, [IF.operStatus]: 1 }
    for (const [column, value] of Object.entries(integer)) lines.push(`${column}.${index}|2|${value}`)
    for (const column of [IF.descr, IF.name]) lines.push(`${column}.${index}|4|ether${index}`)
    lines.push(`${IF.speed}.${index}|66|1000000000`, `${IF.highSpeed}.${index}|66|1000`)
    for (const column of [IF.inErrors, IF.outErrors, IF.inDiscards, IF.outDiscards])
      lines.push(`${column}.${index}|65|1`)
    for (const column of [IF.hcInOctets, IF.hcOutOctets]) lines.push(`${column}.${index}|70|${index * 1_000_000}`)
  }
  return `${lines.join('\n')}\n`
}

/** So many of them, one a port from FIRST_PORT on. */
export async function startRouters(home: string, count: number) {
  const file = join(home, 'router.snmprec')
  writeFileSync(file, recording())
  const env = { ...process.env, PANTAU_SIMULATE_AUTH_KEY: KEYS.auth, PANTAU_SIMULATE_PRIVACY_KEY: KEYS.privacy }
  const program = fileURLToPath(new URL('../../../pantau.mjs', import.meta.url))
  const args = [program, 'simulate', file, '--count', String(count), '--listen', `127.0.0.1:${FIRST_PORT}`]
  const child = spawn(process.execPath, [...args, '--user', 'pantau', '--auth', 'sha1'], {
    ...{ env, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  await new Promise<void>(resolve => child.stdout.on('data', text => String(text).includes('ready') && resolve()))
  return child
}

/** So many targets, of which every tenth is dead: behind its port nobody listens. */
export const targets = (count: number, credential: SnmpCredential, intervalMs: number) =>
  Array.from({ length: count }, (_, index) => {
    const isDead = index % 10 === 9
    return {
      deviceId: `0190a7f0-0000-7000-8000-${String(index).padStart(12, '0')}`,
      address: '127.0.0.1',
      port: isDead ? FIRST_DEAD_PORT + Math.floor(index / 10) : FIRST_PORT + index - Math.floor(index / 10),
      ...{ credential, intervalMs, timeoutMs: 1_000, retries: 1, trapPort: null },
    }
  })
