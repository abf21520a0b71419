// Debian's own SNMP agent on loopback: a real device to poll, for v2c and v3.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IP_PATH, SNMPD_PATH } from './debian-packages.ts'
import { freeUdpPort } from './free-port.ts'

export const SNMPD_COMMUNITY = 'kata-rahasia'
export const SNMPD_USER = {
  ...({ version: 'v3', level: 'authPriv', user: 'noc' } as const),
  auth: { protocol: 'sha256', key: 'frasa autentikasi' },
  privacy: { protocol: 'aes128', key: 'frasa privasi' },
} as const

export type Snmpd = { ports: [number, number]; process: ChildProcess; stop(): Promise<void> }

/**
 * One agent that listens on two ports, so that it can be polled as two devices; or, in a network namespace, on port 161 of
 * some addresses.
 */
export async function startSnmpd(name: string, there?: { namespace: string; addresses: string[] }): Promise<Snmpd> {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-snmpd-'))
  const ports: [number, number] = there === undefined ? [await freeUdpPort(), await freeUdpPort()] : [161, 161]
  const places = there?.addresses.map(address => `udp:${address}:161`) ?? ports.map(port => `udp:127.0.0.1:${port}`)
  const { auth, privacy, user } = SNMPD_USER
  const lines = [
    `agentAddress ${places.join()}`,
    `rocommunity ${SNMPD_COMMUNITY}`,
    `createUser ${user} SHA-256 "${auth.key}" AES "${privacy.key}"`,
    ...[`rouser ${user} authPriv`, `sysName ${name}`, 'sysLocation Ruang server', 'sysContact noc@example.go.id'],
  ]
  const config = join(directory, 'snmpd.conf')
  writeFileSync(config, `${lines.join('\n')}\n`)
  const [program = SNMPD_PATH, ...prefix] =
    there === undefined ? [] : [IP_PATH, 'netns', 'exec', there.namespace, SNMPD_PATH]
  const child = spawn(program, [...prefix, '-f', '-Lo', '-C', '-c', config], {
    env: { PATH: process.env.PATH, SNMP_PERSISTENT_DIR: join(directory, 'state'), MIBS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
        if (output.includes('NET-SNMP version')) resolve()
      })
    }
    child.once('exit', code => reject(new Error(`snmpd ended with ${code}: ${output.slice(-500)}`)))
  })
  return {
    ports,
    process: child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise(resolve => child.once('exit', resolve))
        child.kill('SIGKILL')
        await ended
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
