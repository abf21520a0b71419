// A real Chromium, Debian's own, without a window.
import { type Browser, chromium } from 'playwright-core'
import { CHROMIUM_PATH } from './debian-packages.ts'

/** It asks nobody on the internet for anything; as root it needs its own sandbox off. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: ARGUMENTS })
}
