import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkPings } from '../../../agent/doctor/own-programs.ts'
import { createFping } from '../../../agent/sources/probes/icmp/fping.ts'
import { createPing } from '../../../agent/sources/probes/icmp/ping-program.ts'
import { probeTarget } from '../../../protocol/probes.ts'
import { scratchDirectory } from '../support/scratch.ts'

const ID = '0190a7f0-0000-7000-8000-000000000001'
const target = (name: string, check: object) => probeTarget.parse({ id: ID, subject: ID, name, check })

it('says what to install when pings are assigned to a machine without fping', async () => {
  const directory = scratchDirectory()
  const keep = (probes: object[]) =>
    writeFileSync(join(directory, 'assignments.json'), JSON.stringify({ revision: 1, lists: { snmp: [], probes } }))
  const [fping, ping] = [createFping('/usr/bin/fping'), createPing('/bin/ping')]
  expect(await checkPings(directory, async () => undefined)).toBeUndefined()
  keep([target('web', { kind: 'tcp', host: '192.0.2.1', port: 80 })])
  expect(await checkPings(directory, async () => undefined)).toBeUndefined()

  keep([target('icmp', { kind: 'icmp', address: '192.0.2.1' })])
  expect(await checkPings(directory, async () => fping)).toMatchObject({ state: 'ok' })
  expect(await checkPings(directory, async () => ping)).toMatchObject({
    state: 'warning',
    text: { en: expect.stringMatching(/no fping.*apt install fping/), id: expect.stringMatching(/apt install fping/) },
  })
  expect(await checkPings(directory, async () => undefined)).toMatchObject({
    state: 'problem',
    text: { en: expect.stringContaining('neither fping nor ping') },
  })
})
