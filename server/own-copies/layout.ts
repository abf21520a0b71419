// What of a data directory goes into a copy, and how a copy is named.

/** Of a copy, beside what it has of the data directory. */
export const MANIFEST = 'manifest.json'
/** As `sha256sum` writes and checks it. */
export const SUMS = 'SHA256SUMS'
/** Keys and certificates, sealed with the vault's key. */
export const KEYS = 'keys.sealed'
export const CONFIGURATION = 'configuration'

/** The one file that no copy has: whoever finds a copy can't read its secrets. */
export const VAULT_KEY = 'vault.key'
/** Stands in a data directory while it is being restored: nothing starts on half of it. */
export const UNFINISHED_RESTORE = 'restore-unfinished'

export const RECORDS = 'records.db'
/** Two parts of one journal. */
export const JOURNAL = 'journal.db'
export const JOURNAL_SEGMENTS = 'journal'
export const SERIES = 'series'
export const BLOBS = 'blobs'
/** Small files that are copied as they are. */
export const PLAIN_FILES = ['audit-heads.log', 'install/bundles.json'] as const

/**
 * Private keys, and what the agent beside the collector is known by. Not its spool: an old one would use numbers again that
 * the journal has seen, and what it measures then would count as delivered.
 */
export const SEALED_FILES = [
  'tls/certificate.pem',
  'tls/key.pem',
  'install/signing-key.pem',
  'agent/identity.json',
  'agent/machine-id',
] as const

const COPY_NAME = /^pantau-\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?$/

export const isCopyName = (name: string): boolean => COPY_NAME.test(name)

/** "pantau-2026-11-22T130509Z"; sorts by time. */
export function copyName(at: number): string {
  return `pantau-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z`
}

/** Under another name until it is whole. `fingerprint`: of the vault's key, so that two collectors may share a folder. */
export const unfinishedPrefix = (fingerprint: string): string => `.pantau-unfinished-${fingerprint}-`
