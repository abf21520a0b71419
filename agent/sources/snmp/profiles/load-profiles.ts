import { readdir, readFile } from 'node:fs/promises'
import type { VendorProfile } from '../../../../protocol/vendor-profile.ts'

const DIRECTORY = new URL('../../../../config/vendors/', import.meta.url)

let loaded: Promise<VendorProfile[]> | undefined

/**
 * All vendor profiles. From the source tree they are read from config/vendors; the bundle has them inside, put there when it
 * is built. They are the house's own data, checked by `pantau check` and the tests: here they are taken as they are.
 */
export function loadProfiles(): Promise<VendorProfile[]> {
  loaded ??= readProfiles()
  return loaded
}

async function readProfiles(): Promise<VendorProfile[]> {
  if (typeof PANTAU_VENDOR_PROFILES !== 'undefined') return PANTAU_VENDOR_PROFILES
  const { parse } = await import('yaml')
  const names = (await readdir(DIRECTORY)).filter(name => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(names.map(name => readFile(new URL(name, DIRECTORY), 'utf8')))
  return texts.map(text => parse(text) as VendorProfile)
}

declare const PANTAU_VENDOR_PROFILES: VendorProfile[]
