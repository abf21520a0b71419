// Everything a machine needs to become watched: the script, the bundles, and what the settings page says about them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InstallView } from '../../protocol/agent-views.ts'
import { ARCHITECTURES } from '../../protocol/upgrade.ts'
import type { Logger } from '../platform/logs.ts'
import { type Bundles, createBundles } from './bundles.ts'
import { installScript } from './install-script.ts'
import { PUSH_SCRIPTS } from './push-scripts.ts'
import { openSigningKey } from './signing-key.ts'

/** How this collector is reached by those who are to be installed. */
export type Reach = {
  /** Null where it is not known: agents on other machines could not find us. */
  url: string | null
  /** Pin of our own certificate; null where a proxy in front of us has one that we do not know, or on plain loopback. */
  pin: string | null
}

export type Install = {
  bundles: Bundles
  /** Why no agent can be installed from here now; `none` when it can. */
  hindrance(): InstallView['hindrance']
  view(): InstallView
  /** Text of /install.sh. Null while something hinders. Makes the bundles when they are not there yet. */
  script(): Promise<string | null>
  /** What a router of this system runs, with its key in it. */
  pushScript(system: keyof typeof PUSH_SCRIPTS, key: string): string
}

export function createInstall(deps: {
  root: string
  directory: string
  version: string
  reach: () => Reach
  now: () => number
  log: Logger
}): Install {
  const { root, directory, version, now } = deps
  const signingKey = openSigningKey(directory)
  const bundles = createBundles({ root, directory, version, signingKey, now, log: deps.log })

  function hindrance(): InstallView['hindrance'] {
    const { url } = deps.reach()
    if (url === null) return 'public-url-missing'
    if (!isSafe(url)) return 'public-url-plain'
    return ARCHITECTURES.every(arch => bundles.state(arch) !== 'ready') ? 'not-built' : 'none'
  }

  function line(): string | null {
    const { url, pin } = deps.reach()
    if (url === null || hindrance() !== 'none') return null
    return `curl -fsS ${pin === null ? '' : `-k --pinnedpubkey '${pin}' `}${base(url)}/install.sh`
  }

  return {
    bundles,
    hindrance,
    view: () => ({
      hindrance: hindrance(),
      line: line(),
      version,
      architectures: ARCHITECTURES.map(arch => ({ arch, state: bundles.state(arch) })),
    }),
    pushScript(system, key) {
      const { url, pin } = deps.reach()
      return PUSH_SCRIPTS[system]({ collector: base(url ?? ''), pin: pin ?? '', key })
    },
    async script() {
      const { url, pin } = deps.reach()
      if (url === null || hindrance() !== 'none') return null
      const [x64, arm64] = await Promise.all([bundles.get('x64'), bundles.get('arm64')])
      return installScript(readFileSync(join(root, 'agent/install/install.sh'), 'utf8'), {
        collector: base(url),
        pin: pin ?? '',
        version,
        signingKey: signingKey.publicKey,
        servedAt: now(),
        sha256: { x64: x64?.sha256 ?? '', arm64: arm64?.sha256 ?? '' },
        sequence: Math.max(x64?.sequence ?? 0, arm64?.sequence ?? 0),
      })
    },
  }
}

/** Agents refuse to send keys readable, except on one machine. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/** Nothing in it that a shell or an environment file would read differently. */
function base(url: string): string {
  return new URL(url).href
    .replace(/\/+$/, '')
    .replace(/['"$`\\\s;&|<>()]/g, encodeURIComponent)
    .replaceAll("'", '%27')
}
