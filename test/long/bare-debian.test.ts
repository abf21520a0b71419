// The life of an agent on a bare Debian that reaches its collector and nothing else: installed, upgraded, taken back,
// removed. The collector runs from a copy of this tree, so that it can give out something else without touching ours.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../architecture/tree.ts'
import { type BareMachine, startBareMachine } from '../support/bare-machine.ts'
import { buildAgent } from '../support/built-agent.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { bareDebian } from '../support/debian-root.ts'
import { freePort } from '../support/free-port.ts'

let machine: BareMachine
let collector: TestCollector
let tree: string
let address: string
let line: string
const start = (more: { data?: string; port?: number } = {}) =>
  startCollector({
    ...more,
    tree,
    listen: [address],
    settings: { publicUrl: `https://${address}`, nocAgent: { enabled: false } },
  })
beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'pantau-tree-'))
  for (const part of ['server', 'protocol', 'config', 'agent', 'package.json', 'pantau.mjs', 'LICENSE']) {
    cpSync(join(ROOT, part), join(tree, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'))
  buildAgent(join(tree, 'agent/dist'))
  machine = await startBareMachine({ hostname: 'debian-polos', lower: bareDebian() })
  address = `${machine.outside}:${await freePort()}`
  collector = await start()
  line = (await call(collector, 'install')).line ?? ''
})
afterAll(async () => {
  await collector.stop()
  collector.cleanUp()
  await machine.remove()
  rmSync(tree, { recursive: true })
})

const running = () => machine.run('readlink /opt/pantau-agent/versions/current').said.trim()
const onTrial = () => machine.run('ls -A /opt/pantau-agent/versions').said.includes('.trial')
let agentId = ''
const view = async () => (await call(collector, 'agents')).agents.find(({ id }) => id === agentId)

/** From its next start on the collector gives out what `change` left in its tree. */
async function giveOut(change: () => void): Promise<void> {
  await collector.stop()
  change()
  collector = await start({ data: collector.data, port: collector.port })
  expect((await fetch(`${collector.url}/install.sh`)).status).toBe(200)
}

it('is installed, and its first sample comes', async () => {
  expect(machine.run('ls /usr/bin/node /usr/bin/python3').status).not.toBe(0)
  const { token, secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'polos' } })
  expect(machine.run(`${line} | sh -s -- --token ${secret} --interval-ms 1000`)).toMatchObject({ status: 0 })
  const agent = await untilTrue('the first sample', 30_000, async () => {
    const { agents } = await call(collector, 'enrolledWith', { params: { id: token.id } })
    return agents.find(({ lastSampleAt }) => lastSampleAt !== null)
  })
  agentId = agent.id
  expect(machine.run('pantau-agent doctor')).toMatchObject({
    status: 0,
    said: expect.stringContaining('the collector knows this agent'),
  })
})

it('takes no upgrade before an operator allows it, then takes it and says so', async () => {
  const quick = 'PANTAU_UPGRADE_EVERY_S=1\\nPANTAU_TRIAL_S=5'
  machine.run(`printf '${quick}\\n' >>/etc/pantau-agent/agent.env; /etc/init.d/pantau-agent restart`)
  const first = running()
  await untilTrue('it told what it runs', 20_000, async () => {
    const refused = await rawCall(collector, 'allowUpgrade', { params: { id: agentId }, body: {} })
    return (await refused.text()).includes('has the newest bundle')
  })
  await giveOut(() => writeFileSync(join(tree, 'agent/dist/more.mjs'), '// A file more is another bundle.\n'))
  expect((await view())?.upgrade).toBe('available')
  await new Promise(resolve => setTimeout(resolve, 5_000))
  expect(running()).toBe(first)

  expect(await call(collector, 'allowUpgrade', { params: { id: 'all' }, body: {} })).toEqual({ allowed: [agentId] })
  await untilTrue('the new one passed its trial', 60_000, () => running() !== first && !onTrial())
  await untilTrue('the page says so', 20_000, async () => (await view())?.upgrade === 'none')
})

it.each([
  ['runs and never delivers', 'setInterval(() => {}, 1000)\n'],
  ['ends at once', 'process.exit(1)\n'],
])('goes back by itself from one that %s', async (_, broken) => {
  const before = running()
  const main = join(tree, 'agent/dist/agent.mjs')
  const good = readFileSync(main)
  await giveOut(() => writeFileSync(main, broken))
  await call(collector, 'allowUpgrade', { params: { id: agentId }, body: {} })
  await untilTrue('the broken one is tried', 60_000, () => running() !== before)
  await untilTrue('it is back', 60_000, () => running() === before)
  await untilTrue('the page says so', 20_000, async () => (await view())?.upgrade === 'failed')
  // Not tried in a circle: only another word of the operator would try it again.
  await new Promise(resolve => setTimeout(resolve, 5_000))
  expect(running()).toBe(before)
  writeFileSync(main, good)
})

it('is removed without a trace', () => {
  expect(machine.run('pantau-agent uninstall')).toMatchObject({ status: 0 })
  const ofUseradd = /^etc\/(passwd|group|shadow|gshadow|subuid|subgid)-? f$|^etc\/\.pwd\.lock f$/
  expect(machine.changes().filter(change => !ofUseradd.test(change) && !change.endsWith(' d'))).toEqual([])
})
