import type { idInstall } from './id-install.ts'

/** The texts of `id-install.ts` in English. */
export const enInstall: Record<keyof typeof idInstall, string> = {
  'install.how': 'Run this one line as root on the server that is to be watched. The server needs no internet.',
  'install.loopback':
    'This address is reached from the machine of the collector only. For other servers to enrol, set “publicUrl” and “listen” in the configuration and start the collector again.',
  'install.line': 'Install line',
  'install.by-hand': 'Or run it from the source, with the secret in a file:',
  'install.hindrance.public-url-missing':
    'First set publicUrl in the configuration of the collector: agents on other machines must know its address.',
  'install.hindrance.public-url-plain':
    'publicUrl begins with http://: agents on other machines speak only https. Change the configuration of the collector.',
  'install.hindrance.not-built': 'The agent is not built on this collector: run "npm run build" there.',
  'install.no-node': 'This collector has no Node for {arch} yet; see the guide "Adding a server".',
  'install.not-here': "Not on the collector's own machine: it has an agent already, whose place this one would take.",
  'install.replaced-noc':
    "The agent on {name} took the place of the collector's own agent: both are on one machine. What the collector's own agent polled and probed is asked by nobody now. Give it to another agent, on the page of each device.",
  'install.waiting': 'Waiting for the agent to enrol …',
  'install.waiting-sample': '{name} is enrolled, waiting for its first sample …',
  'install.arrived': 'The first sample of {name} has come',
  'upgrade.allow': 'Allow upgrade',
  'upgrade.allow-all': 'Allow all agents to upgrade',
  'upgrade.allowed': '{name} may upgrade itself',
  'upgrade.allowed-all': 'All agents may upgrade themselves',
  'upgrade.state.allowed': 'upgrade allowed',
  'upgrade.state.failed': 'upgrade failed, back on the old version',
  'upgrade.ask.title': 'Allow {name} to upgrade?',
  'upgrade.ask.text':
    'The agent takes a signed bundle from this collector, starts anew, and goes back to the old version when the new one does not deliver.',
  'upgrade.ask.all': 'all agents',
  'router.title': 'Routers that push',
  'router.text': 'For OpenWrt and RouterOS: a script of a few lines that sends each minute with a key of its own.',
  'router.name': 'Name of the router',
  'router.system': 'System',
  'router.system.openwrt': 'OpenWrt (curl or wget)',
  'router.system.routeros': 'RouterOS (MikroTik)',
  'router.create': 'Make the script',
  'router.made': 'Script for “{name}”',
  'router.once': 'This script carries the key of the router and is shown this once.',
  'router.script': 'Script',
  'router.how.openwrt': 'Paste it into a terminal of the router (ssh) as root.',
  'router.how.routeros': 'Paste it into a terminal of RouterOS (Winbox or ssh).',
  'router.badge': 'router',
}
