// The recorded cases of config/vendors: what is found of each, and the page of the reference that is made of it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { discover } from '../../agent/sources/snmp/discover/discover.ts'
import { readingOf } from '../../agent/sources/snmp/discover/reading.ts'
import { loadProfiles } from '../../agent/sources/snmp/profiles/load-profiles.ts'
import { vendorProfile } from '../../protocol/vendor-profile.ts'
import { deviceOf, sessionTo } from '../agent/sources/snmp/support/recorded-session.ts'

const CASES = fileURLToPath(new URL('../fixtures/snmp/', import.meta.url))
const LONG_MS = 60_000

export type ShownDevice = {
  identity: Record<string, string | null>
  interfaces: string[]
  neighbours: string[]
  figures: Record<string, number>
  notOffered: string[]
}

/** What a discovery finds in a recording, and the same in few words, with the figures as they were recorded. */
export async function discoverRecording(path: string) {
  const session = sessionTo(deviceOf(path))
  const profiles = await loadProfiles()
  const { found, readings } = await discover({
    ...{ session, profiles, limit: { variables: 48 } },
    ...{ untilMs: performance.now() + LONG_MS, now: () => performance.now() },
  })
  const figures: Record<string, number> = {}
  for (const reading of readings) {
    const [varbind] = await session.get([reading.oid])
    const value = varbind && readingOf(reading, varbind.value)
    if (value !== undefined) figures[`${reading.figure} ${reading.name}`] = value
  }
  const { kind, vendor, model, serial, osVersion, baseMac, sysName } = found.identity
  const shown: ShownDevice = {
    identity: { kind, vendor, model, serial, osVersion, baseMac, sysName },
    interfaces: found.interfaces.map(one =>
      [one.device, one.alias, one.speedBps ?? 'no speed', one.counters, ...one.addresses].filter(Boolean).join(', '),
    ),
    neighbours: found.neighbours.map(({ protocol, device, name, port }) => `${protocol} ${device}: ${name}, ${port}`),
    figures,
    notOffered: found.notOffered,
  }
  return { found, shown }
}

/** Each recording with what must be found in it; the second lies beside the first. */
export function deviceCases(): { name: string; path: string; expected: ShownDevice | undefined }[] {
  return readdirSync(CASES)
    .filter(name => name.endsWith('.snmprec'))
    .sort()
    .map(file => {
      const name = file.replace('.snmprec', '')
      const expected = `${CASES}${name}.json`
      const isThere = existsSync(expected)
      return {
        name,
        path: `${CASES}${file}`,
        expected: isThere ? JSON.parse(readFileSync(expected, 'utf8')) : undefined,
      }
    })
}

/** docs/reference/devices.md, made of the cases. */
export async function devicesReference(): Promise<string> {
  const profiles = await loadProfiles()
  const rows: string[] = []
  for (const { name, path } of deviceCases()) {
    const { shown } = await discoverRecording(path)
    const profile = profiles.find(one => one.id === name)
    const figures = [...new Set(Object.keys(shown.figures).map(figure => figure.split(' ')[0] ?? ''))].sort()
    const tells = ['vendor', 'model', 'serial', 'osVersion'].filter(part => shown.identity[part] !== null)
    rows.push(
      `| ${profile?.title} | \`config/vendors/${name}.yaml\` | ${tells.join(', ') || 'nothing'} | ${figures.join(', ') || 'none'} |`,
    )
  }
  return `# Devices known by SNMP

Written by a script from the recorded cases in \`test/fixtures/snmp/\` (\`npm run format\`); do not edit by hand.

Each row is a vendor profile: data in one YAML file, with one recording of an invented device and what must be found in it.
Interfaces with their counters, states, speeds and addresses (IF-MIB, IP-MIB) and neighbours (LLDP, CDP) are read of every
device that offers them. What a device does not offer is shown as not offered, never as zero. A new vendor is a new file and
a new case; \`pantau check\` says what is wrong in a file, with its line.

| device | profile | tells of itself | figures beside those of interfaces |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

/** config/schema/vendor.json: the form of a vendor profile, for editors that know JSON Schema. */
export const vendorSchema = (): string => `${JSON.stringify(z.toJSONSchema(vendorProfile, { io: 'input' }), null, 2)}\n`
