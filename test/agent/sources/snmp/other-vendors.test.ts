// Devices that have no profile of their own: what their description and their number tell. Descriptions as their makers
// write them, versions and models changed.
import { describe, expect, it } from 'vitest'
import { parseRecording } from '../../../../agent/simulate/recording.ts'
import { createSimulatedDevice } from '../../../../agent/simulate/simulated-device.ts'
import { discover } from '../../../../agent/sources/snmp/discover/discover.ts'
import { loadProfiles } from '../../../../agent/sources/snmp/profiles/load-profiles.ts'
import { sessionTo } from './support/recorded-session.ts'

async function look(lines: readonly string[]) {
  const { variables } = parseRecording(Buffer.from(lines.join('\r\n')), 'device.snmprec')
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
  ['171.10.153.9.1', 'WS6-DGS-1210-28/ME 6.20.011', 'D-Link', 'DGS-1210-28', '6.20.011'],
  ['171.10.37.38', 'D-Link DAP-2310', 'D-Link', 'DAP-2310', null],
  [
    '9.1.560',
    'Cisco Internetwork Operating System Software \r\nIOS (tm) C2940 Software (C2940-I6K2L2Q4-M), Version 12.1(22)EA9, RELEASE',
    ...(['Cisco', 'C2940', '12.1(22)EA9'] as const),
  ],
  [
    '9.1.2066',
    'Cisco IOS Software, IOS-XE Software, Catalyst 4500 L3 Switch Software (cat4500e-UNIVERSALK9-M), Version 03.06.08.E',
    ...(['Cisco', null, '03.06.08.E'] as const),
  ],
  ['9.1.1639', 'Cisco IOS XR Software (Cisco ASR9K Series), Version 6.1.4[Default]', 'Cisco', 'ASR9K', '6.1.4'],
  ['9.12.3.1.3.1084', 'Cisco NX-OS n6000, Software (n6000-uk9), Version 7.3(2)N1(1)', 'Cisco', 'n6000', '7.3(2)N1(1)'],
  [
    '25506.1.244',
    'Hangzhou H3C Comware Platform Software, Software Version 3.10, Release 2210',
    ...(['H3C', null, '3.10, Release 2210'] as const),
  ],
  ['3320.1.390.0', 'BDCOM(tm) GP3600-08 Software, Version 74011\r\nhardware version: A', 'BDCOM', 'GP3600-08', '74011'],
  ['5875.800.1001.11', 'AN5516-06', 'Fiberhome', 'AN5516-06', null],
  ['12325.1.1.2.1.1', 'pfSense 2.4.4-RELEASE pfSense FreeBSD 11.2 amd64', 'pfSense', null, '2.4.4-RELEASE'],
  [
    '3902.3.100',
    'ZTE Ethernet Switch  ZXR10 5260-52TD-H, Version: V2.05.11B10',
    'ZTE',
    'ZXR10 5260-52TD-H',
    'V2.05.11B10',
  ],
  ['3902.1082.1001.300', 'C300 Version V2.1.0 Software, Copyright (c) by ZTE', 'ZTE', 'C300', 'V2.1.0'],
  ['25053.3.1.5.15', 'Ruckus Wireless ZD1106', 'Ruckus', 'ZD1106', null],
  ['2011.6.1', 'Huawei Integrated Access Software', 'Huawei', null, null],
  ['2.1', 'VRP Software Version 5.70', 'Huawei', null, '5.70'],
  ['14988.1', 'RouterOS CRS326-24G-2S+', 'MikroTik', 'CRS326-24G-2S+', null],
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

  it('is what its kind of device says, not what its maker mostly builds', async () => {
    const kindOf = async (number: string, ...lines: string[]) =>
      (await look([`1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.${number}`, ...lines])).identity.kind
    expect(await kindOf('14988.1', '1.3.6.1.2.1.1.1.0|4|RouterOS CRS326-24G-2S+')).toBe('switch')
    expect(await kindOf('14988.1', '1.3.6.1.2.1.1.1.0|4|RouterOS hEX')).toBe('router')
    expect(await kindOf('11863.3.2.10', '1.3.6.1.4.1.11863.10.1.1.1.0|2|12')).toBe('access-point')
    const netBotz =
      'APC Web/SNMP Management Card (AF1:v3.5.6 AN1:apc_hw03_nb200_356.bin MN:NBRK0200 HR:05 SN: FFFFFFFFFFFF)'
    const { identity } = await look([`1.3.6.1.2.1.1.1.0|4|${netBotz}`, '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.318.1.3.8.4'])
    expect(identity).toMatchObject({ kind: 'sensor', model: 'NBRK0200', serial: null, osVersion: 'v3.5.6' })
  })

  it('is known by the tree of its maker, also where it answers some of the standard one beside it', async () => {
    const { identity } = await look([
      ...['1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.318.1.3.27', '1.3.6.1.2.1.33.1.1.1.0|4|American Power Conversion'],
      ...['1.3.6.1.2.1.33.1.2.1.0|2|2', '1.3.6.1.4.1.318.1.1.1.1.1.1.0|4|Smart-UPS 1500'],
      ...['1.3.6.1.4.1.318.1.1.1.1.2.3.0|4|AS00CONT1'],
    ])
    expect(identity).toMatchObject({ profile: 'apc-ups', vendor: 'APC', model: 'Smart-UPS 1500', serial: 'AS00CONT1' })
  })

  it('has no address where it says that there is none, and a MAC however it writes it', async () => {
    const { interfaces } = await look([
      ...['1.3.6.1.2.1.2.2.1.2.1|4|vlan1', '1.3.6.1.2.1.2.2.1.6.1|4|0:e:c4:d0:48:c6'],
      ...['1.3.6.1.2.1.2.2.1.2.2|4|ether2', '1.3.6.1.2.1.2.2.1.6.2|4|001a.1e3c.aa42'],
      // A tunnel: an IPv4 address with two zeros behind it stands where others have a MAC.
      ...['1.3.6.1.2.1.2.2.1.2.3|4|tun0', '1.3.6.1.2.1.2.2.1.6.3|4x|53A6CB5A0000'],
      ...['1.3.6.1.2.1.4.20.1.2.0.0.0.0|2|1', '1.3.6.1.2.1.4.20.1.3.0.0.0.0|64|0.0.0.0'],
      ...['1.3.6.1.2.1.4.20.1.2.192.0.2.1|2|1', '1.3.6.1.2.1.4.20.1.3.192.0.2.1|64|255.255.255.0'],
    ])
    expect(interfaces.map(({ mac, addresses }) => ({ mac, addresses }))).toEqual([
      { mac: '00:0e:c4:d0:48:c6', addresses: ['192.0.2.1/24'] },
      { mac: '00:1a:1e:3c:aa:42', addresses: [] },
      { mac: null, addresses: [] },
    ])
  })

  it('has neighbours with the address that others reach, and by it where they have no name', async () => {
    const [chassis, name, address] = [5, 9]
      .map(column => `1.0.8802.1.1.2.1.4.1.1.${column}.0`)
      .concat('1.0.8802.1.1.2.1.4.2.1.3.0')
    const link = 'fe80000000000000'
      .match(/../g)
      ?.map(byte => Number.parseInt(byte, 16))
      .join('.')
    const { neighbours } = await look([
      ...['1.3.6.1.2.1.2.2.1.2.3|4|gi3', `${chassis}.3.1|4x|02AA00000011`, `${name}.3.1|4|kamera-lobi`],
      ...[`${address}.3.1.1.4.0.0.0.0|2|2`, `${chassis}.3.2|4x|02AA00000012`, `${name}.3.2|4|telepon-1`],
      ...[`${address}.3.2.1.4.192.0.2.9|2|2`, `${address}.3.2.2.16.${link}.0.0.0.0.0.0.0.9|2|2`],
      // A telephone names itself by its address: family 1 and four octets.
      ...[`${chassis}.3.4|4x|01C0000207`],
    ])
    expect(neighbours.map(one => [one.device, one.name, one.address])).toEqual([
      ['gi3', 'kamera-lobi', null],
      ['gi3', 'telepon-1', '192.0.2.9'],
      ['gi3', '192.0.2.7', null],
    ])
  })
})
