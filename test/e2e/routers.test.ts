// Routers that push: the OpenWrt script in BusyBox's shell on a machine of its own, RouterOS by replaying what it sends.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BareMachine, startBareMachine } from '../support/bare-machine.ts'
import { call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { freePort } from '../support/free-port.ts'

let machine: BareMachine
let collector: TestCollector
let address: string
const settingsOf = () => ({ publicUrl: `https://${address}`, nocAgent: { enabled: false } })
beforeAll(async () => {
  machine = await startBareMachine({ hostname: 'router-uji' })
  address = `${machine.outside}:${await freePort()}`
  collector = await startCollector({ listen: [address], settings: settingsOf() })
})
afterAll(async () => {
  await collector?.stop()
  collector?.cleanUp()
  await machine?.remove()
})

const createRouter = (name: string, system: 'openwrt' | 'routeros') =>
  call(collector, 'createRouter', { body: { name, system } })
const viewOf = (id: string) => call(collector, 'server', { params: { id } })

/** A system of BusyBox alone, with the given programs besides. */
function busyBox(script: string, besides: string[]): { status: number | null; said: string } {
  return machine.run(
    `rm -rf /run/bb; mkdir /run/bb; busybox --install -s /run/bb; rm -f /run/bb/wget
     for program in ${besides.join(' ')}; do ln -s "$(command -v $program)" /run/bb/$program; done
     # Debian builds BusyBox without it.
     printf '#!/run/bb/sh\\nif [ $1 = -l ]; then cat /run/crontab; else cat >/run/crontab; fi\\n' >/run/bb/crontab
     chmod +x /run/bb/crontab
     exec env PATH=/run/bb $(command -v busybox) sh`,
    { input: script },
  )
}

describe('OpenWrt', () => {
  it('its script is pasted, sends by curl with the pin, and the router is on the wall with rates', async () => {
    const { deviceId, script } = await createRouter('router-kecamatan', 'openwrt')
    expect((await call(collector, 'wall')).servers.find(({ id }) => id === deviceId)).toMatchObject({
      kind: 'router',
      lastSampleAt: null,
    })
    const pasted = busyBox(script, ['curl'])
    expect(pasted).toMatchObject({ status: 0, said: expect.stringContaining('pantau-push: sent') })
    expect(machine.run('cat /run/crontab').said).toBe('* * * * * /etc/pantau-push.sh\n')
    await untilTrue('the first sample', 60_000, async () => (await viewOf(deviceId)).tile.lastSampleAt !== null)

    machine.run(`ping -c 20 -i 0.05 -s 1000 ${machine.outside} || busybox ping -c 5 ${machine.outside}; sleep 1.2`)
    expect(busyBox('/etc/pantau-push.sh', ['curl'])).toMatchObject({ status: 0, said: '' })
    const view = await untilTrue('rates', 60_000, async () => {
      const seen = await viewOf(deviceId)
      const isJudged = seen.verdicts.some(({ ruleId, verdict }) => `${ruleId} ${verdict}` === 'router-heartbeat met')
      return isJudged && (seen.interfaces.find(({ device }) => device === 'eth0')?.transmitBps ?? 0) > 0 ? seen : null
    })
    expect(view.tile).toMatchObject({ name: 'router-kecamatan', kind: 'router', fullestFilesystem: null })
    expect(view.tile.memoryRatio).toBeGreaterThan(0)
    expect(view.tile.cpuRatio).not.toBeNull()
    expect(view.bootedAt).toBeLessThan(Date.now())
  })

  it('where only wget is, one that can check the pin serves; where none can, it says so and sends nothing', async () => {
    const { deviceId, script } = await createRouter('router-wget', 'openwrt')
    const withWget = busyBox(script, ['wget'])
    expect(withWget).toMatchObject({ status: 0, said: expect.stringContaining('sent') })
    await untilTrue('the first sample', 60_000, async () => (await viewOf(deviceId)).tile.lastSampleAt !== null)
    const without = busyBox(script, [])
    expect(without.said).toContain('needs curl')
    expect(without.said).not.toContain('sent')
  })

  it('its key is in no list of processes and in a file for root only', () => {
    expect(machine.run('stat -c %a /etc/pantau-push.curl').said).toBe('600\n')
    const args = machine.run(
      `PATH=/run/bb:$PATH; rm -f /run/bb/curl; printf '#!/bin/sh\\necho "$@"\\n' >/run/bb/curl; chmod +x /run/bb/curl; /etc/pantau-push.sh`,
    )
    expect(args.said).toContain('-K /etc/pantau-push.curl')
    expect(args.said).not.toContain('pantau_agent_')
  })
})

describe('RouterOS', () => {
  /** As /tool fetch sends it: POST, these headers, this body. */
  async function fetchOf(script: string, body: string): Promise<Response> {
    const [, header = ''] = /http-header-field="Authorization: ([^"]+)"/.exec(script) ?? []
    const [, url = ''] = /url="https:\/\/[^/]+([^"]+)"/.exec(script) ?? []
    return await fetch(`${collector.url}${url}`, {
      method: 'POST',
      headers: {
        authorization: header,
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Mikrotik/7.x Fetch',
      },
      body,
    })
  }
  const said = (uptime: string, received: number) =>
    `uptime=${uptime}\ncpu_percent=7\nmemory_total=1073741824\nmemory_available=805306368` +
    `\nif:ether1:index=*1\nif:ether1:rx_bytes=${received}\nif:ether1:tx_bytes=2000\nif:pppoe-out1:index=*F00001\nif:pppoe-out1:rx_bytes=10\nif:pppoe-out1:tx_bytes=20`

  it('is a router with rates; a restart of the collector, or of the router, makes no spike', async () => {
    const { deviceId, script } = await createRouter('router-dinas', 'routeros')
    expect((await fetchOf(script, said('1w2d03:04:05', 5_000_000_000))).status).toBe(200)
    await collector.kill()
    collector = await startCollector({
      data: collector.data,
      port: collector.port,
      listen: [address],
      settings: settingsOf(),
    })
    // 60 s later by its own clock, 750,000 bytes more: 100 kbit/s.
    expect(await (await fetchOf(script, said('1w2d03:05:05', 5_000_750_000))).json()).toMatchObject({ again: false })
    expect(await (await fetchOf(script, said('1w2d03:05:05', 5_000_750_000))).json()).toMatchObject({ again: true })
    const view = await untilTrue('rates', 60_000, async () => {
      const seen = await viewOf(deviceId)
      return seen.interfaces.length > 0 ? seen : null
    })
    expect(view.interfaces).toContainEqual({ device: 'ether1', receiveBps: 100_000, transmitBps: 0 })
    expect(view.tile).toMatchObject({ cpuRatio: 0.07, memoryRatio: 0.25, kind: 'router' })

    expect((await fetchOf(script, said('00:00:40', 900))).status).toBe(200)
    const range = await call(collector, 'range', {
      query: {
        subject: deviceId,
        metric: 'node_network_receive_bytes_per_second',
        from: Date.now() - 3_600_000,
        to: Date.now() + 1_000,
        stepMs: 3_600_000,
        aggregate: 'max',
      },
    })
    for (const { points } of range.series)
      for (const [, value] of points) expect(value ?? 0).toBeLessThanOrEqual(12_500)
  })

  it('is told what is wrong with a line, and which door its key is for', async () => {
    const { script } = await createRouter('router-lain', 'routeros')
    expect(await (await fetchOf(script, 'uptime=later')).json()).toMatchObject({
      code: 'bad-batch',
      issues: [{ path: 'line 1' }],
    })
    const key = /Bearer (\S+?)"/.exec(script)?.[1] ?? ''
    expect((await rawCall(collector, 'ingest', { token: key, body: {} })).status).toBe(403)
    expect((await rawCall(collector, 'wall', { token: key })).status).toBe(401)
    const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'x' } })
    const enrolled = await call(collector, 'enrol', {
      token: secret,
      body: { hostname: 'x', machineId: 'b'.repeat(64), agentVersion: '1' },
    })
    expect((await rawCall(collector, 'push', { token: enrolled.key, body: {} })).status).toBe(403)
  })

  it('that pushes in a loop is told to wait; revoked, it is told so', async () => {
    const { script, agentId } = await createRouter('router-gila', 'routeros')
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, second) => fetchOf(script, `uptime=${second + 1}`)),
    )
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    await call(collector, 'revokeAgent', { params: { id: agentId }, body: {} })
    expect((await fetchOf(script, 'uptime=99')).status).toBe(403)
  })
})
