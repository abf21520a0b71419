// Why a connection failed, in plain words. Codes of Node's net, dns and tls modules.

/** Hosts on which a connection never leaves this machine, so that it needs no encryption. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(bare)
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
])

/** `where` is "host:port". Null when the code tells nothing that people know. */
export function connectionReason(code: string | undefined, where: string): string | null {
  if (code === undefined) return null
  if (UNTRUSTED.has(code)) return `certificate not trusted at ${where}`
  switch (code) {
    case 'ECONNREFUSED':
      return `connection refused at ${where}`
    case 'ECONNRESET':
    case 'EPIPE':
      return `connection broken by ${where}`
    case 'ETIMEDOUT':
      return `no answer from ${where}`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `no way to ${where}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EDNS':
      return `no address known for ${where}`
    case 'CERT_HAS_EXPIRED':
      return `certificate expired at ${where}`
    case 'CERT_NOT_YET_VALID':
      return `certificate not valid yet at ${where}`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `certificate at ${where} is for another name`
    default:
      return null
  }
}

/** `code` of an error and of what caused it, outermost first; nodemailer keeps the system's own as `originalCode`. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = []
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ('originalCode' in current && typeof current.originalCode === 'string') codes.push(current.originalCode)
    if ('code' in current && typeof current.code === 'string') codes.push(current.code)
    if (current instanceof AggregateError) current = current.errors[0]
    else current = current.cause
  }
  return codes
}
