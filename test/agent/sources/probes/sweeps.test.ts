import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { icmpFigures } from '../../../../agent/sources/probes/figures.ts'
import { createFping, parseFping } from '../../../../agent/sources/probes/icmp/fping.ts'
import { createPing, findPinger, parsePing } from '../../../../agent/sources/probes/icmp/ping-program.ts'
import { FPING_PATH, IP_PATH } from '../../../support/debian-packages.ts'
import { makeNamespace, startResponder } from './support/namespace.ts'

/** A program that runs another one within a namespace. */
function within(namespace: string, program: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-fping-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'run')
  writeFileSync(path, `#!/bin/sh\nexec ${IP_PATH} netns exec ${namespace} ${program} "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

const { signal } = new AbortController()
const settings = { packets: 6, packetGapMs: 50, timeoutMs: 1_000 }

describe('a sweep against a responder that knows the truth', () => {
  it('by fping: loss is exact, delay is what was waited', async () => {
    const namespace = makeNamespace()
    const responder = await startResponder(namespace)
    const asked = ['10.99.0.2', '10.99.0.20', '10.99.2.5', '10.99.3.40', '10.99.1.7']
    const found = await createFping(within(namespace.name, FPING_PATH)).sweep(asked, settings, signal)
    const truth = await responder.truth()
    for (const address of asked) {
      const [sent, received, fastestMs] = truth[address] ?? [0, 0, null]
      const figures = icmpFigures(found.get(address)?.packets ?? [])
      expect([address, figures.sent, figures.received]).toEqual([address, sent, received])
      if (figures.rttS === null) continue
      // Within a millisecond on a machine that is not busy; fping sees the way there and back too.
      const tooLongMs = figures.rttS.min * 1_000 - Number(fastestMs)
      expect(tooLongMs).toBeGreaterThan(-0.1)
      expect(tooLongMs).toBeLessThan(500)
    }
    expect(truth['10.99.1.7']).toEqual([6, 0, null])
    expect(truth['10.99.2.5']).toEqual([6, 3, expect.any(Number)])
  })

  it('by ping where there is no fping, which it says', async () => {
    const namespace = makeNamespace()
    const responder = await startResponder(namespace)
    const pinger = createPing(within(namespace.name, '/usr/bin/ping'))
    expect(pinger.description).toContain('no fping')
    const asked = ['10.99.0.3', '10.99.2.4', '10.99.1.9']
    const found = await pinger.sweep(asked, { ...settings, packets: 3 }, signal)
    const truth = await responder.truth()
    for (const address of asked) {
      const { sent, received } = icmpFigures(found.get(address)?.packets ?? [])
      expect([sent, received]).toEqual(truth[address]?.slice(0, 2))
    }
  })

  it('is told where nothing leads there, and is no silence of theirs when fping itself can not ask', async () => {
    const { name } = makeNamespace()
    const fping = createFping(within(name, FPING_PATH))
    const found = await fping.sweep(['10.99.0.2'], { ...settings, packets: 1 }, signal)
    expect(found.get('10.99.0.2')?.packets).toEqual([null])
    await expect(createFping(within(name, '/bin/false')).sweep(['10.99.0.2'], settings, signal)).rejects.toThrow(
      'fping',
    )
    expect(await findPinger({ fping: ['/nowhere/fping'], ping: ['/nowhere/ping'] })).toBeUndefined()
  })

  it('asks nobody whose address is none', async () => {
    for (const bad of ['-h', 'localhost', '10.0.0.1 10.0.0.2', 'fe80::1%eth0', '10.0.0.1\n10.0.0.2'])
      await expect(createFping(FPING_PATH).sweep(['127.0.0.1', bad], settings, signal)).rejects.toThrow('is none')
  })
})

describe('what the programs print', () => {
  const asked = ['192.0.2.1', '2001:db8::1']
  it('counts only as whole lines of addresses that were asked', () => {
    const output = [
      '192.0.2.1   : 0.31 - 12.5',
      '2001:db8::1 : 0.31 0.3',
      '192.0.2.9   : 1 2 3',
      '192.0.2.1 : 1 2 x',
      'ICMP Host Unreachable from 192.0.2.254 for ICMP Echo sent to 192.0.2.1',
    ].join('\n')
    expect([...parseFping(output, asked, 3)]).toEqual([['192.0.2.1', { packets: [0.31, null, 12.5], noRoute: true }]])
  })

  it('never makes up an answer, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (text, packets) => {
        for (const [address, answer] of parseFping(text, asked, packets)) {
          expect(asked).toContain(address)
          expect(answer.packets).toHaveLength(packets)
        }
        expect(parsePing(text, packets)).toHaveLength(packets)
      }),
    )
  })

  it('of ping is put by its sequence, and a packet that comes twice counts once', () => {
    const line = (sequence: number, ms: string, end = '') =>
      `64 bytes from 192.0.2.1: icmp_seq=${sequence} ttl=64 time=${ms} ms${end}`
    expect(parsePing([line(1, '0.5'), line(3, '2'), line(3, '9', ' (DUP!)')].join('\n'), 3)).toEqual([0.5, null, 2])
    expect(parsePing('64 bytes from 192.0.2.1: seq=0 ttl=64 time=1.5 ms', 2)).toEqual([1.5, null])
  })
})

describe('figures of packets', () => {
  it('are those worked out by hand', () => {
    expect(icmpFigures([10, null, 20, 40, 30])).toEqual({
      ...{ sent: 5, received: 4, lossRatio: 0.2, jitterS: 0.0133333 },
      rttS: { min: 0.01, p10: 0.013, p25: 0.0175, p50: 0.025, p75: 0.0325, p90: 0.037, max: 0.04, mean: 0.025 },
    })
    expect(icmpFigures([null])).toEqual({ sent: 1, received: 0, lossRatio: 1, jitterS: null, rttS: null })
  })

  it('are in order, for any packets', () => {
    const packet = fc.option(fc.double({ min: 0, max: 10_000, noNaN: true }))
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 40 }), packets => {
        const { sent, received, lossRatio, rttS } = icmpFigures(packets)
        expect(lossRatio * sent).toBeCloseTo(sent - received)
        if (rttS === null) return
        const inOrder = [rttS.min, rttS.p10, rttS.p25, rttS.p50, rttS.p75, rttS.p90, rttS.max]
        expect(inOrder).toEqual([...inOrder].sort((one, other) => one - other))
        expect(rttS.mean).toBeGreaterThanOrEqual(rttS.min - 1e-6)
        expect(rttS.mean).toBeLessThanOrEqual(rttS.max + 1e-6)
      }),
    )
  })
})
