import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSystemdSource } from '../../../../agent/sources/host/systemd.ts'
import { type Recorded, startFakeSystemd } from '../../support/fake-systemd.ts'
import { readNow } from '../../support/read-now.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const unitPath = (name: string): string =>
  `/org/freedesktop/systemd1/unit/${name.replace(/[^a-zA-Z0-9]/g, letter => `_${letter.charCodeAt(0).toString(16)}`)}`

const unit = (name: string, load: string, active: string, sub: string, description = name) => ({
  ...{ name, load, active, sub, description, path: unitPath(name) },
})

const RECORDED: Recorded = {
  units: [
    unit('cron.service', 'loaded', 'active', 'running', 'Regular background program processing daemon'),
    unit('nginx.service', 'loaded', 'failed', 'failed', 'Server web dinas – “utama”'),
    unit('gone.service', 'not-found', 'inactive', 'dead'),
    unit('apt-daily.timer', 'loaded', 'active', 'waiting'),
    unit('never.timer', 'loaded', 'inactive', 'dead'),
    ...Array.from({ length: 400 }, (_, index) =>
      unit(`dev-disk-by\\x2did-${index}.device`, 'loaded', 'active', 'plugged'),
    ),
  ],
  timers: {
    [unitPath('apt-daily.timer')]: {
      LastTriggerUSec: '1763762400123456',
      NextElapseUSecRealtime: '1763805600000000',
      NextElapseUSecMonotonic: '0',
    },
    [unitPath('never.timer')]: { LastTriggerUSec: '0', NextElapseUSecRealtime: String(2n ** 64n - 1n) },
  },
}

/** A systemctl that says so when it was started. */
function systemctl(): { program: string } {
  const program = join(scratchDirectory(), 'systemctl')
  writeFileSync(program, '#!/bin/sh\n[ "$1" = show ] || echo "by.service loaded active running by systemctl"\n')
  chmodSync(program, 0o755)
  return { program }
}

describe('systemd over its bus', () => {
  it('tells units and timers without starting a program, and systemctl steps in when the manager is gone', async () => {
    const runRoot = scratchDirectory()
    const fake = await startFakeSystemd(runRoot, RECORDED)
    const source = createSystemdSource({ runRoot, everyMs: 1, programs: ['/nowhere/systemctl'] })
    const { gauges } = await readNow(source)
    const inState = (state: string) =>
      gauges.find(({ metric, labels }) => metric === 'node_systemd_units' && labels?.state === state)?.value
    expect(['active', 'failed', 'inactive'].map(inState)).toEqual([402, 1, 1])
    expect(gauges.filter(({ metric }) => metric !== 'node_systemd_units')).toEqual([
      { metric: 'node_systemd_unit_state', labels: { name: 'nginx.service', state: 'failed' }, value: 1 },
      { metric: 'node_systemd_timer_last_trigger_seconds', labels: { name: 'apt-daily.timer' }, value: 1_763_762_400 },
      { metric: 'node_systemd_timer_next_elapse_seconds', labels: { name: 'apt-daily.timer' }, value: 1_763_805_600 },
    ])

    await fake.endManager()
    await expect(source.read(new AbortController().signal)).rejects.toThrow('org.freedesktop.DBus.Error')
    const careful = createSystemdSource({ runRoot, everyMs: 1, programs: [systemctl().program] })
    expect((await readNow(careful)).gauges).toContainEqual({
      metric: 'node_systemd_units',
      labels: { state: 'active' },
      value: 1,
    })
  })

  it.each([
    ['says nothing', () => {}, 'not waited for'],
    ['does not admit us', (write: (text: string) => void) => write('REJECTED EXTERNAL\r\n'), 'does not admit'],
    [
      'is something else',
      (write: (text: string) => void) => write(`OK 0123\r\n${'HTTP/1.1 400'.repeat(9)}`),
      'not D-Bus',
    ],
    ['never ends its line', (write: (text: string) => void) => write('x'.repeat(5_000)), 'not D-Bus'],
  ])('that %s is a failure of its own figures', async (_, answer, reason) => {
    const runRoot = scratchDirectory()
    mkdirSync(join(runRoot, 'systemd/system'), { recursive: true })
    mkdirSync(join(runRoot, 'dbus'))
    const server = createServer(socket => {
      socket.on('error', () => {})
      answer(text => socket.write(text))
    })
    onTestFinished(() => {
      server.close()
    })
    await new Promise<void>(resolve => server.listen(join(runRoot, 'dbus/system_bus_socket'), resolve))
    const source = createSystemdSource({ runRoot, everyMs: 1, programs: ['/nowhere/systemctl'] })
    const given = new AbortController()
    const reading = source.read(given.signal)
    if (reason === 'not waited for') setTimeout(() => given.abort(), 50)
    await expect(reading).rejects.toThrow(reason)
  })
})
