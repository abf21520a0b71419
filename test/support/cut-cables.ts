// A city of network namespaces: the NOC with the real collector, its agent and a real SMTP server in one, the core router
// with the routers of the agencies at the far end of a cable in another, and a witness behind a second cable. Cables are
// pulled and put back, and what came of it is printed, a line of JSON each. It is a program, because all of it has to live
// within a namespace: node test/support/cut-cables.ts [--cuts 1] [--routers 40] [--interval-ms 10000] [--poll-ms 5000] [--causes] [--own-cable]
import { execFileSync, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BOOT_NEAR_MS, SAME_BOOT_MS } from '../../server/availability/cause.ts'
import { call, startCollector, type TestCollector, untilTrue } from './collector.ts'
import { IP_PATH } from './debian-packages.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { SNMPD_COMMUNITY, type Snmpd, startSnmpd } from './snmpd.ts'

export type CableReport =
  /** Milliseconds from the cut until the tile is down, the incident stands on the wall, and the mail lies in the mailbox. */
  | { kind: 'cut'; tileMs: number; wallMs: number; mailMs: number }
  | { kind: 'mended'; states: string[]; mails: string[] }
  | {
      kind: 'parent'
      incidents: { subject: string; cutOff: number | undefined }[]
      mails: string[]
      unreachable: number
    }
  | { kind: 'own-cable'; incidents: string[]; states: string[] }
  | { kind: 'cause'; name: string; cause: string; evidence: string }

const WITHIN = 'PANTAU_TEST_NAMESPACE'
const PATIENCE_MS = 60_000
/** What was switched on shortly before an outage counts as restarted near it: the routers must run for longer than that. */
const SETTLED_MS = BOOT_NEAR_MS + SAME_BOOT_MS
const CORE = '10.97.1.2'
const WITNESS = '10.97.2.2'

const { values: options } = parseArgs({
  options: {
    cuts: { type: 'string', default: '1' },
    routers: { type: 'string', default: '40' },
    'interval-ms': { type: 'string', default: '10000' },
    'poll-ms': { type: 'string', default: '5000' },
    causes: { type: 'boolean', default: false },
    'own-cable': { type: 'boolean', default: false },
  },
})
const routerAddresses = Array.from({ length: Number(options.routers) }, (_, index) => `10.97.1.${index + 10}`)
const ip = (...args: string[]): void => void execFileSync(IP_PATH, args)
const say = (report: CableReport): void => console.log(JSON.stringify(report))

/** The whole of it once more within a namespace of its own, which ends with it. */
function startWithin(): void {
  const noc = `pantau-noc-${process.pid}`
  ip('netns', 'add', noc)
  try {
    const args = ['netns', 'exec', noc, process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
    const { status } = spawnSync(IP_PATH, args, { stdio: 'inherit', env: { ...process.env, [WITHIN]: noc } })
    process.exitCode = status ?? 1
  } finally {
    for (const name of [`${noc}-city`, `${noc}-witness`, noc]) spawnSync(IP_PATH, ['netns', 'del', name])
  }
}

/** A cable from the NOC to a place of its own. `pull` takes it out at the far end, as an excavator does. */
function layCable(noc: string, place: string, near: string, addresses: string[]) {
  const there = `${noc}-${place}`
  const [nearEnd, farEnd] = [`n-${place}`, `f-${place}`]
  ip('netns', 'add', there)
  ip('link', 'add', nearEnd, 'type', 'veth', 'peer', 'name', farEnd, 'netns', there)
  ip('address', 'add', `${near}/24`, 'dev', nearEnd)
  for (const address of addresses) ip('-n', there, 'address', 'add', `${address}/24`, 'dev', farEnd)
  ip('-n', there, 'link', 'set', 'lo', 'up')
  ip('-n', there, 'link', 'set', farEnd, 'up')
  ip('link', 'set', nearEnd, 'up')
  return {
    there,
    pull: () => ip('-n', there, 'link', 'set', farEnd, 'down'),
    putBack: () => ip('-n', there, 'link', 'set', farEnd, 'up'),
    pullHere: () => ip('link', 'set', nearEnd, 'down'),
  }
}

async function main(noc: string): Promise<void> {
  ip('link', 'set', 'lo', 'up')
  const city = layCable(noc, 'city', '10.97.1.1', [CORE, ...routerAddresses])
  const witness = layCable(noc, 'witness', '10.97.2.1', [WITNESS])
  const ended: (() => unknown)[] = []
  try {
    const mail = await startMailServer()
    ended.unshift(() => mail.remove())
    const collector = await startCollector({ settings: { nocAgent: { intervalMs: Number(options['interval-ms']) } } })
    ended.unshift(async () => {
      await collector.stop()
      collector.cleanUp()
    })
    await tell(collector, mail)
    const [last = CORE] = routerAddresses.slice(-1)
    let rebooting = await startSnmpd('router', { namespace: city.there, addresses: [last] })
    ended.unshift(() => rebooting.stop())
    const others: Snmpd = await startSnmpd('router', {
      ...{ namespace: city.there, addresses: [CORE, ...routerAddresses.slice(0, -1)] },
    })
    ended.unshift(() => others.stop())
    const bootedAt = performance.now()
    const story = await watch(collector, mail)

    for (let cut = 0; cut < Number(options.cuts); cut += 1) {
      const isLast = cut === Number(options.cuts) - 1
      if (options.causes && isLast) await sleep(Math.max(0, SETTLED_MS - (performance.now() - bootedAt)))
      await story.calm()
      // Not always at the same moment between two questions.
      await sleep((cut * 700) % 3_000)
      const heard = (await story.mails()).length
      city.pull()
      const at = performance.now()
      const since = () => Math.round(performance.now() - at)
      await untilTrue('the tile is down', PATIENCE_MS, async () => (await story.state(CORE)) === 'down')
      const tileMs = since()
      await untilTrue('the incident is on the wall', PATIENCE_MS, async () => (await story.incidents())[0])
      const wallMs = since()
      await untilTrue('the mail is there', PATIENCE_MS, async () => (await story.mails()).length > heard)
      say({ kind: 'cut', tileMs, wallMs, mailMs: since() })
      await untilTrue(
        'all others are unreachable',
        PATIENCE_MS,
        async () => (await story.count('unreachable')) === routerAddresses.length,
      )
      // A second notice would come with those that were found silent last.
      await sleep(isLast ? 4_000 : 500)
      if (isLast) await story.tellParent(heard)
      if (options.causes && isLast) {
        await sleep(70_000)
        await rebooting.stop()
        rebooting = await startSnmpd('router', { namespace: city.there, addresses: [last] })
      }
      city.putBack()
      await story.calm()
      await untilTrue('the mail of its end', PATIENCE_MS, async () => (await story.mails()).length > heard + 1)
    }
    say({ kind: 'mended', states: await story.states(), mails: await story.mails() })
    if (options.causes) {
      // What runs on is written down once a minute.
      await sleep(75_000)
      for (const address of [last, routerAddresses[0] ?? CORE, CORE]) await story.tellCause(address)
    }

    if (!options['own-cable']) return
    city.pullHere()
    witness.pullHere()
    await untilTrue(
      'nobody knows anything',
      PATIENCE_MS,
      async () => (await story.count('unknown')) === routerAddresses.length + 2,
    )
    say({ kind: 'own-cable', incidents: await story.incidents(), states: await story.states() })
  } finally {
    for (const end of ended) await end()
  }
}

/** Who is told. */
async function tell(collector: TestCollector, mail: MailServer): Promise<void> {
  await call(collector, 'createChannel', {
    body: {
      ...{ name: 'Piket', kind: 'email', minimumSeverity: 'low' },
      settings: {
        ...{ host: '127.0.0.1', port: mail.port, security: 'none' },
        ...{ from: 'pantau@uji.example', to: 'piket@uji.example' },
      },
    },
  })
}

/** All routers are polled, and so pinged; those of the agencies hang on the core. */
async function watch(collector: TestCollector, mail: MailServer) {
  await untilTrue('the agent of the NOC', PATIENCE_MS, async () => (await call(collector, 'agents')).agents[0])
  const { id: credentialId } = await call(collector, 'createCredential', {
    body: { name: 'Router', credential: { version: 'v2c', community: SNMPD_COMMUNITY } },
  })
  const { added } = await call(collector, 'addDevices', {
    body: {
      devices: [CORE, WITNESS, ...routerAddresses].map(address => ({ address, name: `r-${address}` })),
      ...{ credentialId, intervalMs: Number(options['poll-ms']) },
    },
  })
  const idOf = new Map(added.map(({ id, address }) => [address, id]))
  const nameOf = new Map(added.map(({ id, address }) => [id, address]))
  const core = idOf.get(CORE) ?? ''
  for (const address of routerAddresses)
    await call(collector, 'setParents', { params: { id: idOf.get(address) ?? '' }, body: { parentIds: [core] } })

  const wall = () => call(collector, 'wall')
  const routers = async () => (await wall()).servers.filter(({ id }) => nameOf.has(id))
  // Of what nobody polls with success an incident of its own opens: the witness has no SNMP.
  const reached = async () =>
    (await wall()).incidents.filter(({ ruleId, subject }) => ruleId.endsWith('-reachable') && nameOf.has(subject.id))
  const story = {
    state: async (address: string) => (await routers()).find(({ id }) => id === idOf.get(address))?.state,
    states: async () => [...new Set((await routers()).map(({ state }) => state))].sort(),
    count: async (state: string) => (await routers()).filter(one => one.state === state).length,
    incidents: async () => (await reached()).map(({ subject }) => nameOf.get(subject.id) ?? ''),
    // Of the routers: the machine that the story runs on may have troubles of its own, such as the disks of other tests.
    mails: async () => {
      const subjects = (await mail.messages()).map(({ subject }) => subject)
      return subjects.filter(subject => [...nameOf.values()].some(address => subject.includes(`r-${address}`)))
    },
    async calm(): Promise<void> {
      await untilTrue('all are reached', PATIENCE_MS, async () => {
        const tiles = await routers()
        const isUp = tiles.length === added.length && tiles.every(({ state }) => state === 'up' || state === 'degraded')
        return isUp && (await reached()).length === 0
      })
    },
    async tellParent(heard: number): Promise<void> {
      const incidents = (await reached()).map(({ subject, cutOff }) => ({
        subject: nameOf.get(subject.id) ?? '',
        cutOff,
      }))
      const mails = (await story.mails()).slice(heard)
      say({ kind: 'parent', incidents, mails, unreachable: await story.count('unreachable') })
    },
    async tellCause(address: string): Promise<void> {
      const query = { from: Date.now() - 3_600_000, to: Date.now() }
      const { outages } = await call(collector, 'timeline', { params: { id: idOf.get(address) ?? '' }, query })
      const [outage] = outages
      say({ kind: 'cause', name: address, cause: outage?.cause ?? '', evidence: String(outage?.evidence.kind) })
    },
  }
  return story
}

const noc = process.env[WITHIN]
if (noc === undefined) startWithin()
else await main(noc)
