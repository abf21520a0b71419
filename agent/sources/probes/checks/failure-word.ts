import type { ProbeFailure } from '../../../../protocol/probe-words.ts'

const WORDS: Record<string, ProbeFailure> = {
  ECONNREFUSED: 'refused',
  EREFUSED: 'refused',
  ENETUNREACH: 'no-route',
  EHOSTUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EACCES: 'no-route',
  EPERM: 'no-route',
  ENOTFOUND: 'name-unknown',
  ENODATA: 'name-unknown',
  EAI_NONAME: 'name-unknown',
  EAI_NODATA: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  ETIMEDOUT: 'no-answer',
  ETIMEOUT: 'no-answer',
  ECANCELLED: 'no-answer',
  ABORT_ERR: 'no-answer',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-wrong-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  CERT_REVOKED: 'certificate-untrusted',
  INVALID_CA: 'certificate-untrusted',
  INVALID_PURPOSE: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
}

/** The word of the closed list for what Node, the resolver or OpenSSL called it; what is none of these is bad protocol. */
export function failureWord(error: unknown): ProbeFailure {
  // A name with several addresses, none of which answered: the last one speaks.
  if (error instanceof AggregateError && error.errors.length > 0) return failureWord(error.errors.at(-1))
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return WORDS[code] ?? 'protocol-error'
}
