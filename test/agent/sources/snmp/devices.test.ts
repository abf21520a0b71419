import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadProfiles } from '../../../../agent/sources/snmp/profiles/load-profiles.ts'
import { discovery } from '../../../../protocol/snmp.ts'
import { deviceCases, devicesReference, discoverRecording } from '../../../support/device-cases.ts'

const SUBJECT = '0190a7f0-0000-7000-8000-000000000001'

describe('a device that was recorded is known by its profile', () => {
  for (const { name, path, expected } of deviceCases()) {
    it(name, async () => {
      const { found, shown } = await discoverRecording(path)
      expect(shown).toEqual(expected)
      expect(found.identity.profile).toBe(name)
      expect(found.identity.simulated).toBe(true)
      expect(discovery.safeParse({ at: 0, subject: SUBJECT, ...found }).error).toBeUndefined()
    })
  }

  it('and each profile has its case', async () => {
    expect(deviceCases().map(({ name }) => name)).toEqual((await loadProfiles()).map(({ id }) => id))
  })

  it('and the list of devices in the reference is made of these cases', async () => {
    const page = readFileSync(new URL('../../../../docs/reference/devices.md', import.meta.url), 'utf8')
    expect(page).toBe(await devicesReference())
  })
})

/** Recordings of real devices that lie beside the repository on some machines: what each tells of itself. */
const REAL: Record<
  string,
  { vendor: string | null; model: string | null; version: RegExp | null; serial: boolean; interfaces: number }
> = {
  airos_airos8: { vendor: 'Ubiquiti', model: 'LiteBeam 5AC Gen2', version: /v8\.7\.4/, serial: false, interfaces: 9 },
  'apc_smt750x-nmc2': { vendor: 'APC', model: 'Smart-UPS X 750', version: /09\.8/, serial: true, interfaces: 2 },
  'dsm_ds214se-dsm7': { vendor: 'Synology', model: 'DS214se', version: /DSM 7\.1/, serial: true, interfaces: 3 },
  edgeos_erl: { vendor: 'Ubiquiti', model: 'EdgeRouter Lite', version: null, serial: false, interfaces: 0 },
  edgeswitch: {
    vendor: 'Ubiquiti',
    model: 'EdgeSwitch 24-Port 250W',
    version: /^1\.0\.1/,
    serial: false,
    interfaces: 0,
  },
  fortigate_60f: { vendor: 'Fortinet', model: 'FGT_60F', version: /^v7\.2\.6/, serial: true, interfaces: 17 },
  'generex-ups_cs141': { vendor: 'Multimatic', model: 'Upscale', version: /V1\.80/, serial: false, interfaces: 2 },
  iosxe_isr4321: { vendor: 'Cisco', model: 'ISR4321/K9', version: /^17\.6\.4$/, serial: true, interfaces: 12 },
  'linux_ucd-diskio': {
    vendor: 'Dell Inc.',
    model: 'PowerEdge R250',
    version: /^6\.1\.0$/,
    serial: true,
    interfaces: 0,
  },
  openwrt: {
    vendor: 'OpenWrt',
    model: 'Linksys WRT1200AC',
    version: /^21\.02\.0-rc4$/,
    serial: false,
    interfaces: 18,
  },
  procurve_2520: { vendor: 'HP', model: 'J9850A Switch 5406Rzl2', version: /^KA\.15/, serial: false, interfaces: 44 },
  routeros_crs317: { vendor: 'MikroTik', model: 'CRS317-1G-16S+', version: /^6\.44\.2$/, serial: true, interfaces: 20 },
  routeros_rb750gr3: { vendor: 'MikroTik', model: 'RB750Gr3', version: /^7\.20beta2$/, serial: true, interfaces: 14 },
  ruijie: { vendor: 'Ruijie', model: 'RG-S6220-48XS4QXS', version: /\d/, serial: false, interfaces: 57 },
  'tplink_td-w9970': { vendor: 'TP-Link', model: null, version: /^0\.9\.1/, serial: false, interfaces: 6 },
  unifi_nanohd: { vendor: 'Ubiquiti', model: 'UAP-nanoHD', version: /^5\.43/, serial: false, interfaces: 29 },
  vrp_ar169fgwl: { vendor: 'Huawei', model: 'AR169FGW-L', version: /^5\.170/, serial: true, interfaces: 0 },
  zxr10_5928: { vendor: 'ZTE', model: 'ZXR10_5928', version: /^V4\.08\.23$/, serial: false, interfaces: 45 },
}
const BESIDE = fileURLToPath(new URL('../../../../../shared/snmp', import.meta.url))

describe('recordings of real devices, where they lie beside the repository', () => {
  it('say who the device is wherever the recording tells it', async () => {
    const files = existsSync(BESIDE) ? readdirSync(BESIDE).filter(name => name.endsWith('.snmprec')) : []
    for (const file of files) {
      const wanted = REAL[file.replace('.snmprec', '')]
      const { found } = await discoverRecording(`${BESIDE}/${file}`)
      const { vendor, model, osVersion, serial } = found.identity
      expect(discovery.safeParse({ at: 0, subject: SUBJECT, ...found }).error, file).toBeUndefined()
      if (wanted === undefined) continue
      expect({ file, vendor, model, serial: serial !== null, interfaces: found.interfaces.length }).toEqual({
        ...{ file, vendor: wanted.vendor, model: wanted.model, serial: wanted.serial, interfaces: wanted.interfaces },
      })
      if (wanted.version === null) expect(osVersion).toBeNull()
      else expect(osVersion).toMatch(wanted.version)
    }
  })
})
