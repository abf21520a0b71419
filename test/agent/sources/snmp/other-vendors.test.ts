// Devices that have no profile of their own: what their description and their number tell. Descriptions as their makers
// write them, versions and models changed.
import { describe, expect, it } from 'vitest'
import { parseRecording } from '../../../../agent/simulate/recording.ts'
import { createSimulatedDevice } from '../../../../agent/simulate/simulated-device.ts'
import { discover } from '../../../../agent/sources/snmp/discover/discover.ts'
import { loadProfiles } from '../../../../agent/sources/snmp/profiles/load-profiles.ts'
import { sessionTo } from './support/recorded-session.ts'

async function look(lines: readonly string[]) {
  const { variables } = parseRecording(lines.join('\r\n'), 'device.snmprec')
  const session = sessionTo(createSimulatedDevice('device', variables))
  const deps = { session, profiles: await loadProfiles(), limit: { variables: 48 }, untilMs: Number.POSITIVE_INFINITY }
  return (await discover({ ...deps, now: () => 0 })).found
}

type Row = [number: string, description: string, vendor: string | null, model: string | null, version: string | null]
const ROWS: Row[] = [
  [
    '2636.1.1.1.2.133',
    'Juniper Networks, Inc. srx320 internet router, kernel JUNOS 19.4R3-S1.3, Build date: 2020-11-02 06:23:20 UTC',
    ...(['Juniper', 'srx320', '19.4R3-S1.3'] as const),
  ],
  ['47196.4.1.1.1.100', 'Aruba JL678A 6100 FL.10.08.1010', 'Aruba', 'JL678A 6100', 'FL.10.08.1010'],
  ['14823.1.2.111', 'ArubaOS (MODEL: 515), Version 8.10.0.2', 'Aruba', '515', '8.10.0.2'],
  [
    '25506.11.1.181',
    'HPE Comware Platform Software, Software Version 7.1.070, Release 3208P03\nHPE 5130 24G EI Switch\nCopyright (c)',
    ...(['HPE', '5130 24G EI', '7.1.070, Release 3208P03'] as const),
  ],
  [
    '9.12.3.1.3.1410',
    'Cisco NX-OS(tm) n9000, Software (n9000-dk9), Version 9.3(5), RELEASE',
    'Cisco',
    'n9000',
    '9.3(5)',
  ],
  ['9.1.2115', 'Cisco Adaptive Security Appliance Version 9.12(4)', 'Cisco', null, '9.12(4)'],
  ['674.10895.3065', 'Dell EMC Networking N1548P, 6.6.3.14, Linux 4.14.138', 'Dell', 'N1548P', '6.6.3.14'],
  ['890.1.15', 'GS1900-24E', 'Zyxel', 'GS1900-24E', null],
  ['8072.3.2.8', 'pfSense gw.kota.example 2.6.0-RELEASE FreeBSD 12.3-STABLE amd64', 'pfSense', null, '2.6.0-RELEASE'],
  ['44641', 'VyOS 1.3.2', 'VyOS', null, '1.3.2'],
  ['41112.1.3', 'airFiber 24 v3.2.3', 'Ubiquiti', 'airFiber', null],
  ['25461.2.3.18', 'Palo Alto Networks PA-220 series firewall', 'Palo Alto Networks', 'PA-220', null],
  [
    '7367',
    'DrayTek Corporation, Router Model: Vigor2925 Series, Version: 3.8.9.4/Formula 1.2, Build Date/Time:Jan',
    ...(['DrayTek', 'Vigor2925', '3.8.9.4'] as const),
  ],
  [
    '2435.2.3.9.1',
    'Brother NC-8300h, Firmware Ver.1.05 (11.07.29),MID 84E-403',
    ...(['Brother', 'NC-8300h', '1.05'] as const),
  ],
  ['99999.1', 'Agent of nobody knows whom, firmware 4.2.1', null, null, '4.2.1'],
]

describe('a device without a profile of its own', () => {
  it.each(ROWS)('%s: %s', async (number, description, vendor, model, osVersion) => {
    const hex = Buffer.from(description).toString('hex')
    const { identity } = await look([
      `1.3.6.1.2.1.1.1.0|4x|${hex}`,
      `1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.${number}`,
      '1.3.6.1.2.1.1.3.0|67|4200',
    ])
    expect(identity).toMatchObject({ vendor, osVersion })
    if (model !== null) expect(identity.model).toContain(model)
    else expect(identity.model).toBeNull()
  })

  it('is known by its number alone, and by what stands in its tables: interfaces without names, a serial of its own', async () => {
    const { identity, interfaces } = await look([
      ...['1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1916.2.1', '1.3.6.1.2.1.1.3.0|67|4200'],
      ...['1.3.6.1.2.1.2.2.1.8.7|2|1', '1.3.6.1.2.1.2.2.1.10.7|65|1234', '1.3.6.1.2.1.2.2.1.16.7|65|99'],
      ...['1.3.6.1.2.1.2.2.1.6.7|4x|B2EBE42A3F1E', '1.3.6.1.2.1.2.2.1.6.8|4x|B4FBE42A3F1C'],
      ...['1.3.6.1.2.1.47.1.1.1.1.11.1|4|To be filled by O.E.M.', '1.3.6.1.2.1.47.1.1.1.1.5.1|2|3'],
    ])
    // What a maker never filled in is no serial, and an address of its own making comes after one from the maker.
    expect(identity).toMatchObject({ vendor: 'Extreme Networks', serial: null, baseMac: 'b4:fb:e4:2a:3f:1c' })
    expect(interfaces).toMatchObject([{ device: '#7', index: 7, counters: '32-bit', speedBps: null }])
  })
})
