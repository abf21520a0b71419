const HEAP = '--max-old-space-size='

/**
 * Among the flags of the built agent: Node then does not read its 140 public authorities (a megabyte, and a thread's 8 ms
 * beside the first sample). Who trusts them says so, see trustPublicAuthorities().
 */
export const WITHOUT_AUTHORITIES = '--use-openssl-ca'

/** Flags of Node for a program that this one starts: the same, but for its heap and for whom it trusts. */
export function flagsForChild(heapMb: number): string[] {
  const same = process.execArgv.filter(flag => !flag.startsWith(HEAP) && flag !== WITHOUT_AUTHORITIES)
  return [...same, `${HEAP}${heapMb}`]
}

let areTrusted = !process.execArgv.includes(WITHOUT_AUTHORITIES)

/** For a process that was started without them and then needs them. What NODE_EXTRA_CA_CERTS names stays trusted. */
export function trustPublicAuthorities(): void {
  if (areTrusted) return
  areTrusted = true
  const { getCACertificates, setDefaultCACertificates } = process.getBuiltinModule('node:tls')
  setDefaultCACertificates([...getCACertificates('bundled'), ...getCACertificates('extra')])
}
