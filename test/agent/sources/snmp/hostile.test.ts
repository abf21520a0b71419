import { createSocket } from 'node:dgram'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDatagrams } from '../../../../agent/sources/snmp/session/datagrams.ts'
import { openSession } from '../../../../agent/sources/snmp/session/open-session.ts'
import type { Endpoint, SnmpSession } from '../../../../agent/sources/snmp/session/session.ts'
import { createUsm } from '../../../../agent/sources/snmp/session/usm.ts'
import { readV3Head } from '../../../../agent/sources/snmp/session/v3-head.ts'
import type { Varbind } from '../../../../agent/sources/snmp/value.ts'
import { walk } from '../../../../agent/sources/snmp/walk.ts'
import { PDU } from '../../../../agent/sources/snmp/wire/message.ts'
import type { SnmpCredential } from '../../../../protocol/snmp.ts'
import { bind, fakeDevice, type Question } from './support/udp-fake.ts'

const COLUMN = '1.3.6.1.2.1.2.2.1.2'
const NAME = '1.3.6.1.2.1.1.5.0'
const COMMUNITY: SnmpCredential = { version: 'v2c', community: 'public' }
const V3: SnmpCredential = {
  ...{ version: 'v3', level: 'authPriv', user: 'pantau' },
  ...{ auth: { protocol: 'sha256', key: 'a-pass-phrase' }, privacy: { protocol: 'aes128', key: 'another-phrase' } },
}

async function sessionWith(endpoint: Endpoint, credential = COMMUNITY, timeoutMs = 150): Promise<SnmpSession> {
  const datagrams = createDatagrams()
  const session = await openSession({ datagrams, endpoint, credential, patience: { timeoutMs, retries: 1 } })
  onTestFinished(() => {
    session.close()
    datagrams.close()
  })
  return session
}
const limits = (rows = 100_000) => ({
  ...{ rows, repetitions: 25, untilMs: performance.now() + 30_000, now: () => performance.now() },
})
const text = (oid: string, value = 'gw'): Varbind => ({ oid, value: { type: 'octets', value: Buffer.from(value) } })
const rowsBehind = (from: string, count: number): Varbind[] => {
  const last = Number(from.slice(COLUMN.length + 1) || 0)
  return Array.from({ length: count }, (_, at) => text(`${COLUMN}.${last + at + 1}`))
}
const asked = ({ message }: Question): string => message.pdu.varbinds[0]?.oid ?? ''

describe('a device that', () => {
  it('sends garbage is told from one that is silent, over v2c and v3, and nothing crashes', async () => {
    const noise = createSocket('udp4')
    noise.on('message', (_, from) => {
      for (const bytes of [
        Buffer.from('hello'),
        Buffer.alloc(0),
        Buffer.alloc(2_000, 0x30),
        Buffer.from('30ff', 'hex'),
      ])
        noise.send(bytes, from.port, from.address)
    })
    await bind(noise, '127.0.0.1')
    const endpoint = { address: '127.0.0.1', port: noise.address().port }
    await expect((await sessionWith(endpoint)).get([NAME])).rejects.toMatchObject({ problem: 'garbage' })
    await expect((await sessionWith(endpoint, V3)).get([NAME])).rejects.toMatchObject({ problem: 'garbage' })
  })

  it('says of its engine a time that none has is told from one that works, and nothing crashes', async () => {
    const usm = await createUsm({ version: 'v3', level: 'noAuth', user: '' }, 1)
    const engine = { engineID: Buffer.from('80001f880401020304', 'hex'), engineBoots: -1, engineTime: -5 }
    const unknownEngine = { oid: '1.3.6.1.6.3.15.1.1.4.0', value: { type: 'counter32' as const, value: 1 } }
    const report = { tag: PDU.report, requestId: 0, errorStatus: 0, errorIndex: 0, varbinds: [unknownEngine] }
    const device = createSocket('udp4')
    device.on('message', (bytes, from) => {
      const scoped = usm.scoped(engine.engineID, '', report)
      device.send(usm.encode(readV3Head(bytes).messageId, engine, '', 0, scoped), from.port, from.address)
    })
    await bind(device, '127.0.0.1')
    const session = await sessionWith({ address: '127.0.0.1', port: device.address().port }, V3)
    await expect(session.get([NAME])).rejects.toMatchObject({ problem: 'garbage' })
  })

  it('sends garbage before its true answer is heard all the same', async () => {
    const device = await fakeDevice(({ answer }, say) => {
      say(Buffer.from('3003020101', 'hex'))
      say(answer({ varbinds: [text(NAME)] }))
    })
    expect(await (await sessionWith(device)).get([NAME])).toEqual([text(NAME)])
  })

  it('answers other variables than asked is not believed', async () => {
    const device = await fakeDevice(({ answer }, say) => say(answer({ varbinds: [text('1.3.6.1.2.1.1.6.0')] })))
    await expect((await sessionWith(device)).get([NAME])).rejects.toMatchObject({ problem: 'garbage' })
  })

  it('answers from another address is not heard: who was asked stayed silent', async () => {
    const other = createSocket('udp4')
    await bind(other, '127.0.0.2')
    const device = createSocket('udp4')
    const { decodeMessage, encodeMessage } = await import('../../../../agent/sources/snmp/wire/message.ts')
    device.on('message', (bytes, from) => {
      const message = decodeMessage(bytes)
      const pdu = { ...message.pdu, tag: PDU.response, varbinds: [text(NAME, 'forged')] }
      other.send(encodeMessage({ ...message, pdu }), from.port, from.address)
    })
    await bind(device, '127.0.0.1')
    const session = await sessionWith({ address: '127.0.0.1', port: device.address().port })
    await expect(session.get([NAME])).rejects.toMatchObject({ problem: 'timeout' })
  })

  it('answers late, to a question that was given up, does not answer the next one', async () => {
    const late: (() => void)[] = []
    const device = await fakeDevice(({ answer, message }, say) => {
      if (message.pdu.varbinds[0]?.oid === NAME) late.push(() => say(answer({ varbinds: [text(NAME, 'late')] })))
      else {
        for (const one of late) one()
        say(answer({ varbinds: [text('1.3.6.1.2.1.1.6.0', 'in time')] }))
      }
    })
    const session = await sessionWith(device)
    await expect(session.get([NAME])).rejects.toMatchObject({ problem: 'timeout' })
    expect(await session.get(['1.3.6.1.2.1.1.6.0'])).toEqual([text('1.3.6.1.2.1.1.6.0', 'in time')])
  })

  it('names OIDs that stand still or run backward ends the walk', async () => {
    const still = await fakeDevice((question, say) => say(question.answer({ varbinds: [text(`${COLUMN}.1`)] })))
    expect(await walk(await sessionWith(still), COLUMN, limits())).toMatchObject({ cut: 'non-increasing', rows: [{}] })
    const back = await fakeDevice((question, say) =>
      say(question.answer({ varbinds: [text(`${COLUMN}.9`), text(`${COLUMN}.10`), text(`${COLUMN}.2`)] })),
    )
    const walked = await walk(await sessionWith(back), COLUMN, limits())
    expect({ cut: walked.cut, rows: walked.rows.length }).toEqual({ cut: 'non-increasing', rows: 2 })
  })

  it('sends the same row twice is read once', async () => {
    const device = await fakeDevice((question, say) => {
      const rows = asked(question) === COLUMN ? [text(`${COLUMN}.1`), text(`${COLUMN}.1`)] : []
      say(question.answer({ varbinds: rows }))
    })
    expect(await walk(await sessionWith(device), COLUMN, limits())).toMatchObject({ cut: 'non-increasing', rows: [{}] })
  })

  it('has a hundred thousand rows is left alone at the limit', async () => {
    const device = await fakeDevice((question, say) =>
      say(question.answer({ varbinds: rowsBehind(asked(question), question.message.pdu.errorIndex) })),
    )
    const walked = await walk(await sessionWith(device, COMMUNITY, 2_000), COLUMN, limits(1_000))
    expect({ cut: walked.cut, rows: walked.rows.length }).toEqual({ cut: 'too-many-rows', rows: 1_000 })
  })

  it('finds every question too big gets smaller ones', async () => {
    const sizes: number[] = []
    const device = await fakeDevice((question, say) => {
      const repetitions = question.message.pdu.errorIndex
      sizes.push(repetitions)
      if (repetitions > 6) say(question.answer({ errorStatus: 1, varbinds: [] }))
      else say(question.answer({ varbinds: asked(question) === COLUMN ? rowsBehind(COLUMN, 3) : [text('1.3.7.1')] }))
    })
    expect((await walk(await sessionWith(device), COLUMN, limits())).rows).toHaveLength(3)
    expect(sizes).toEqual([25, 12, 6, 6])
  })
})
