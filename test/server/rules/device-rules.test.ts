import { describe, expect, it } from 'vitest'
import type { WireSeries } from '../../../protocol/batch.ts'
import { addDevices } from '../../../server/inventory/add-devices.ts'
import { createCredential } from '../../../server/inventory/create-credential.ts'
import { ADMIN, MINUTE_MS, openWatch, person } from './watch.ts'

const POLL_MS = 30_000

async function withDevice(kind: 'ups' | 'router') {
  const watch = await openWatch()
  const poller = await watch.enrol('noc')
  const { id: credentialId } = await createCredential.perform(watch.verbDeps, ADMIN, {
    ...{ name: 'OPD', credential: { version: 'v2c', community: 'a-secret-word' } },
  })
  const asked = { devices: [{ address: '10.0.0.1', kind }], credentialId, agentId: poller.agentId }
  const { added } = await addDevices.perform(watch.verbDeps, person('operator'), asked)
  const subject = added[0]?.id ?? ''
  await watch.roster.refresh(subject)
  const speak = (figures: Record<string, number>) => {
    watch.clock.at += 1
    const more = Object.entries({ snmp_up: 1, ...figures }).map(
      ([metric, value]): WireSeries => ({ kind: 'gauge', subject, metric, points: [[watch.clock.at, value]] }),
    )
    return watch.speak(poller, { at: watch.clock.at, more })
  }
  const rounds = (count: number, figures: Record<string, number>) => watch.pass(count * POLL_MS, () => speak(figures))
  const ofRule = async (rule: string) => (await watch.incidents()).filter(({ ruleId }) => ruleId === rule)
  return { watch, poller, device: { ...poller, deviceId: subject }, rounds, ofRule }
}

describe('a UPS', () => {
  it('on its battery opens an incident that wakes a person, and is over when the mains are back', async () => {
    const { watch, device, rounds, ofRule } = await withDevice('ups')
    await rounds(3, { ups_on_battery: 0 })
    expect(watch.verdict(device, 'ups-on-battery')).toBe('met')
    await rounds(4, { ups_on_battery: 1 })
    expect(await ofRule('ups-on-battery')).toMatchObject([{ state: 'open', severity: 'critical', unit: 'on-battery' }])
    await rounds(3, { ups_on_battery: 0 })
    expect(await ofRule('ups-on-battery')).toMatchObject([{ state: 'resolved' }])
  })
})

describe('a router that is asked with wrong secrets', () => {
  it('opens an incident once they are many, which ends when its poller tells of no more', async () => {
    const { watch, device, rounds, ofRule } = await withDevice('router')
    await rounds(3, {})
    expect(watch.verdict(device, 'router-authentication-failures')).toBeNull()
    await rounds(2, { snmp_authentication_failures_recent: 4 })
    expect(watch.verdict(device, 'router-authentication-failures')).toBe('met')
    await rounds(2, { snmp_authentication_failures_recent: 40 })
    expect(await ofRule('router-authentication-failures')).toMatchObject([{ state: 'open', value: 40 }])
    await rounds(40, {})
    expect(await ofRule('router-authentication-failures')).toMatchObject([{ state: 'resolved' }])
  })
})

describe('a poller that can not keep up', () => {
  it('opens an incident of its machine', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const late = (seconds: number) => async () => {
      watch.clock.at += 1
      const points: [number, number][] = [[watch.clock.at, seconds]]
      const more: WireSeries[] = [{ kind: 'gauge', metric: 'pantau_agent_poller_late_seconds', points }]
      await watch.speak(machine, { at: watch.clock.at, more })
    }
    await watch.pass(MINUTE_MS, late(0.1))
    expect(watch.verdict(machine, 'poller-late')).toBe('met')
    await watch.pass(3 * MINUTE_MS, late(45))
    const incidents = (await watch.incidents()).filter(({ ruleId }) => ruleId === 'poller-late')
    expect(incidents).toMatchObject([{ state: 'open', severity: 'high', value: 45, unit: 's' }])
  })
})
