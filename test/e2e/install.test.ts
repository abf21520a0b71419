// Installing as people do: the line from the settings page, on a machine that can reach the collector and nothing else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BareMachine, startBareMachine } from '../support/bare-machine.ts'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { freePort } from '../support/free-port.ts'

let machine: BareMachine
let collector: TestCollector
let line: string
beforeAll(async () => {
  machine = await startBareMachine({ hostname: 'server-uji' })
  const address = `${machine.outside}:${await freePort()}`
  const settings = { publicUrl: `https://${address}`, nocAgent: { enabled: false } }
  collector = await startCollector({ listen: [address], settings })
  line = (await call(collector, 'install')).line ?? ''
})
afterAll(async () => {
  await collector?.stop()
  collector?.cleanUp()
  await machine?.remove()
})

async function makeToken(label: string) {
  return await call(collector, 'createEnrolmentToken', { body: { label } })
}
const install = (args: string) => machine.run(`${line} | sh -s -- ${args}`)

/** Left by the tools that add and remove users, each time they do. */
const OF_USERADD = /^etc\/(passwd|group|shadow|gshadow|subuid|subgid)-? f$|^etc\/\.pwd\.lock f$/

/** What is not there any more as it was. A directory that something was put into and taken from again stays in the layer. */
function leftovers(): string[] {
  return machine.changes().filter(change => !OF_USERADD.test(change) && !change.endsWith(' d'))
}

describe('one line', () => {
  it('is shown with the pin of the collector', () => {
    expect(line).toMatch(
      /^curl -fsS -k --pinnedpubkey 'sha256\/\/[A-Za-z0-9+/]{43}=' https:\/\/10\.213\.[\d.:]+\/install\.sh$/,
    )
  })

  it('refuses in plain words and leaves nothing', async () => {
    expect(install('--token nonsense')).toMatchObject({ status: 6, said: expect.stringContaining('not known here') })
    expect(leftovers()).toEqual([])
    const asNobody = `${line} | setpriv --reuid=65534 --clear-groups sh -s -- --token x`
    expect(machine.run(asNobody)).toMatchObject({ status: 3, said: expect.stringContaining('sudo') })
    const otherPin = `${line} | sed "s#^pin=.*#pin='sha256//${'A'.repeat(43)}='#" | sh -s -- --token x`
    expect(machine.run(otherPin)).toMatchObject({ status: 5, said: expect.stringContaining('another key') })
    const otherHash = `${line} | sed "s#^sha256_x64=.*#sha256_x64='${'0'.repeat(64)}'#;s#^sha256_arm64=.*#sha256_arm64=x#" | sh -s -- --token x`
    expect(machine.run(otherHash)).toMatchObject({ status: 5, said: expect.stringContaining('fetch the script again') })
    const small = `mount -t tmpfs -o size=50m tmpfs /opt && ${line} | sh -s -- --token x; code=$?; umount /opt; exit $code`
    expect(machine.run(small)).toMatchObject({
      status: 7,
      said: expect.stringMatching(/\/opt has \d+ MB free, 253 MB/),
    })
    const cut = `${line} >/tmp/script; ip link set eth0 down; sh /tmp/script --token x; code=$?; ip link set eth0 up; exit $code`
    expect(machine.run(cut)).toMatchObject({ status: 5, said: expect.stringContaining("can't be reached") })
    expect(leftovers()).toEqual([])
  })

  it.each([
    ['echo riscv64', 4, 'x86_64 and aarch64 only, this is riscv64'],
    ['echo Linux', 4, 'this is Linux'],
  ])('says when the machine is none it runs on (%s)', (uname, status, said) => {
    const fake = `printf '#!/bin/sh\\ncase $1 in -s) echo Linux;; *) ${uname};; esac\\n' >/usr/local/bin/uname; chmod +x /usr/local/bin/uname`
    const ended = machine.run(`${fake}; ${line} | sh -s -- --token x; code=$?; rm /usr/local/bin/uname; exit $code`)
    expect(ended).toMatchObject({ status, said: expect.stringContaining(said) })
  })
})

describe('the life of an installed agent', () => {
  let secret = ''
  let agentId = ''

  it('is installed, enrols, and its first sample comes', async () => {
    const made = await makeToken('uji')
    secret = made.secret
    const ended = install(`--token ${secret} --interval-ms 1000`)
    expect(ended).toMatchObject({ status: 0, said: expect.stringContaining('enrolled as server-uji') })
    const agent = await untilTrue('the first sample', 60_000, async () => {
      const { agents } = await call(collector, 'enrolledWith', { params: { id: made.token.id } })
      return agents.find(({ lastSampleAt }) => lastSampleAt !== null)
    })
    agentId = agent.id
    expect(agent.hostname).toBe('server-uji')
    expect(machine.run('ps -eo user,args | grep [a]gent.mjs').said).toMatch(/^pantau /)
  })

  it('keeps the token nowhere', () => {
    const files = machine.changes().filter(change => change.endsWith(' f') && !/bin\/node f$/.test(change))
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) {
      expect(readFileSync(machine.path(file.slice(0, -2)), 'latin1').includes(secret), file).toBe(false)
    }
    expect(machine.run('ps -eo args; cat /proc/[0-9]*/environ').said).not.toContain(secret)
    expect(machine.run('ls -A /tmp /var/tmp').said).not.toMatch(/pantau|tmp\./)
  })

  it('is started again after kill -9, and its spool goes on', async () => {
    const pidOf = () => machine.run("ps -eo pid,args | awk '/[a]gent.mjs/ && !/launch/ { print $1; exit }'").said.trim()
    const before = pidOf()
    machine.run(`kill -9 ${before}`)
    await untilTrue('another process', 60_000, () => pidOf() !== '' && pidOf() !== before)
    const { lastContactAt } = (await call(collector, 'agents')).agents.find(({ id }) => id === agentId) ?? {}
    await untilTrue('samples again', 60_000, async () => {
      const now = (await call(collector, 'agents')).agents.find(({ id }) => id === agentId)?.lastContactAt
      return (now ?? 0) > (lastContactAt ?? 0) + 2_000
    })
  })

  it('run again it upgrades or repairs: same key, what the administrator set stays', async () => {
    machine.run(
      'echo PANTAU_LOG_LEVEL=debug >>/etc/pantau-agent/agent.env; rm /opt/pantau-agent/versions/*/agent/agent.mjs',
    )
    const identity = readFileSync(machine.path('/var/lib/pantau-agent/identity.json'), 'utf8')
    expect(install('')).toMatchObject({ status: 0, said: expect.stringContaining('its key is good') })
    expect(readFileSync(machine.path('/var/lib/pantau-agent/identity.json'), 'utf8')).toBe(identity)
    const settings = readFileSync(machine.path('/etc/pantau-agent/agent.env'), 'utf8')
    expect(settings).toContain('PANTAU_LOG_LEVEL=debug')
    expect(settings).toContain("PANTAU_INTERVAL_MS='1000'")
    expect(settings.match(/PANTAU_COLLECTOR=/g)).toHaveLength(1)
    await expect.poll(() => machine.run('ps -eo user,args | grep [a]gent.mjs').said).toMatch(/^pantau /)
  })

  it('whose key was revoked says that a token is needed, and takes one', async () => {
    await call(collector, 'revokeAgent', { params: { id: agentId }, body: {} })
    expect(install('')).toMatchObject({ status: 6, said: expect.stringContaining('an enrolment token is needed') })
    expect(install(`--token ${secret}`)).toMatchObject({ status: 6, said: expect.stringContaining('used up') })
    expect(machine.run('ps -eo user,args | grep -c [a]gent.mjs').said.trim()).not.toBe('0')
    const { secret: second } = await makeToken('lagi')
    expect(install(`--token ${second}`)).toMatchObject({ status: 0 })
  })

  it('is removed without a trace', () => {
    expect(machine.run('pantau-agent uninstall')).toMatchObject({ status: 0, said: expect.stringContaining('removed') })
    expect(leftovers()).toEqual([])
    for (const file of ['passwd', 'group']) {
      expect(readFileSync(machine.path(join('/etc', file)), 'utf8')).toBe(readFileSync(join('/etc', file), 'utf8'))
    }
    expect(machine.run('ps -eo args | grep -E "[a]gent.mjs|[p]antau-agent/launch"').said).toBe('')
  })

  it('with systemd it gets the unit instead; a systemctl that only notes stands in for one that runs', async () => {
    const { secret: token } = await makeToken('systemd')
    const fake = `mkdir -p /run/systemd/system; printf '#!/bin/sh\\necho "$@" >>/run/told\\n' >/usr/local/bin/systemctl; chmod +x /usr/local/bin/systemctl`
    expect(machine.run(`${fake}; ${line} | sh -s -- --token ${token}`)).toMatchObject({ status: 0 })
    const told = machine.run('cat /run/told').said
    expect(told).toContain(
      'daemon-reload\nenable --quiet pantau-agent.service\nrestart pantau-agent.service\nis-active',
    )
    expect(machine.changes()).toContain('etc/systemd/system/pantau-agent.service f')
    expect(machine.run('pantau-agent uninstall; rm -rf /run/systemd/system /usr/local/bin/systemctl')).toMatchObject({
      status: 0,
    })
    expect(leftovers()).toEqual([])
  })
})
