// The certificate that the collector itself speaks TLS with, where it does.
import { join } from 'node:path'
import type { Config } from './config.ts'
import { ownNames } from './http/own-names.ts'
import { createTlsIdentity, type TlsIdentity } from './http/tls-identity.ts'
import type { Lifecycle } from './platform/lifecycle.ts'
import type { Logger } from './platform/logs.ts'

const LOOK_EVERY_MS = 3_600_000

type Deps = { config: Config; lifecycle: Lifecycle; log: Logger; now: () => number }

/** Renewed in time while the collector runs; null where it speaks plain HTTP on loopback only. */
export function ownCertificate({ config, lifecycle, log, now }: Deps): TlsIdentity | null {
  if (!config.listeners.some(listener => listener.scheme === 'https')) return null
  const identity = createTlsIdentity({
    ...{ files: config.tls ?? null, directory: join(config.data, 'tls'), now, log },
    names: ownNames(config.listeners, config.publicUrl),
  })
  const timer = setInterval(() => identity.renewIfDue(), LOOK_EVERY_MS)
  lifecycle.onClose('certificate', () => clearInterval(timer))
  return identity
}
