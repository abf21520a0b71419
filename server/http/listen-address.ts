// Where the collector listens, as people write it: "127.0.0.1:8420", "[::]:8443", "https://127.0.0.1:8443".

export type ListenAddress = {
  host: string
  port: number
  /** What was written before "://", or null: then loopback is http and everything else https. */
  scheme: 'http' | 'https' | null
}

const WRITTEN = /^(?:(https?):\/\/)?(?:\[([0-9a-fA-F:]+)\]|([^:[\]/]+)):(\d{1,5})$/

export function parseListenAddress(text: string): ListenAddress | null {
  const [, scheme, bracketed, plain, port] = WRITTEN.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  if (host === undefined || port === undefined) return null
  return { host, port: Number(port), scheme: scheme === 'http' || scheme === 'https' ? scheme : null }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** All addresses of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]+$/.test(host)
}
