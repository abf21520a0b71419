// Which proxy stands between the agent and its collector, by the variables that curl made common.

export type Environment = Record<string, string | undefined>

/**
 * The proxy to use for `collector`, or undefined for the straight way. PANTAU_PROXY goes before HTTPS_PROXY
 * and http_proxy; NO_PROXY excepts hosts. This machine itself is never behind a proxy.
 * The text is returned as it is, with its password: it must not be shown.
 */
export function proxyFor(collector: URL, env: Environment): string | undefined {
  const host = collector.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)) return undefined
  // Only the small http_proxy: a web server hands "Proxy:" of any request on as HTTP_PROXY (httpoxy).
  const usual = collector.protocol === 'https:' ? (env.HTTPS_PROXY ?? env.https_proxy) : env.http_proxy
  const proxy = env.PANTAU_PROXY || usual || env.ALL_PROXY || env.all_proxy
  if (proxy === undefined || proxy === '') return undefined
  return isExcepted(host, collector.port, env.NO_PROXY ?? env.no_proxy ?? '') ? undefined : proxy
}

/** Entries are `*`, a host, a domain with all below it (`.go.id`, `*.go.id`, `go.id`), or any of them with a port. */
export function isExcepted(host: string, port: string, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => {
      if (entry === '*') return true
      const [, name = entry, ofPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\[(.*)\]/, '$1')) ?? []
      const isAddress = entry.split(':').length > 2
      if (isAddress) return entry.replace(/^\[|\]$/g, '') === host
      if (ofPort !== undefined && ofPort !== port) return false
      const domain = name.replace(/^\*?\./, '')
      return host === domain || host.endsWith(`.${domain}`)
    })
}

/** What is wrong with the address of a proxy, in words that do not repeat it; undefined when nothing is. */
export function proxyProblem(proxy: string): string | undefined {
  if (!URL.canParse(proxy)) return 'must be a URL such as http://proxy.example.go.id:3128'
  const { protocol, pathname, search, hash } = new URL(proxy)
  if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://'
  return pathname.length > 1 || search !== '' || hash !== '' ? 'must end with the host or port' : undefined
}
