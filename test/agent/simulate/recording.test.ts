import { describe, expect, it } from 'vitest'
import { moversOf } from '../../../agent/simulate/moving-values.ts'
import { parseRecording } from '../../../agent/simulate/recording.ts'
import { createSimulatedDevice } from '../../../agent/simulate/simulated-device.ts'
import { PDU } from '../../../agent/sources/snmp/wire/message.ts'

const IF = '1.3.6.1.2.1.2.2.1'
const ROUTER = `1.3.6.1.2.1.1.1.0|4|Router of a trial | with a bar
1.3.6.1.2.1.1.3.0|67|4294967000
${IF}.5.1|66|100000000
${IF}.8.1|2|1
${IF}.8.2|2|2
${IF}.10.1|65|4294967290
${IF}.10.2|65|5
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551610
1.3.6.1.2.1.2.2.1.2.1|4x|65746830`

describe('a recording', () => {
  it('is read with bars in its texts, bytes in hex, and sorted as a tree whatever its order', () => {
    const { variables, problems } = parseRecording(Buffer.from(ROUTER), 'router.snmprec')
    expect(problems).toEqual([])
    expect(variables.map(({ oid }) => oid).slice(0, 3)).toEqual(['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.3.0', `${IF}.2.1`])
    expect(variables[0]?.value).toEqual({ type: 'octets', value: Buffer.from('Router of a trial | with a bar') })
  })

  it('is read with the quirks of other recorders: CRLF, comments, hex with spaces, escapes, holes, doubles', () => {
    const quirks = [
      '\ufeff# recorded by hand',
      ...['.1.3.6.1.2.1.1.1.0|4x|52 6F 75 74 65 72', '1.3.6.1.2.1.1.5.0|4e|kantor\\nlurah', '1.3.6.1.2.1.1.6.0|4|'],
      ...['1.3.6.1.2.1.1.3.0 | 67 | 42 ', '1.3.6.1.2.1.2.2.1.10.1|65x|FFFFFFFF', '1.3.6.1.2.1.2.2.1.8.1|2|4294967295'],
      ...['1.3.6.1.2.1.4.20.1.3.1|64x|FFFFFF00', '1.3.6.1.2.1.99.1|129|', '1.3.6.1.2.1.1.5.0|4|second', ''],
    ].join('\r\n')
    const { variables, problems } = parseRecording(Buffer.from(quirks), 'quirks.snmprec')
    expect(problems).toEqual([])
    expect(
      Object.fromEntries(variables.map(({ oid, value }) => [oid, 'value' in value && String(value.value)])),
    ).toEqual({
      '1.3.6.1.2.1.1.1.0': 'Router',
      '1.3.6.1.2.1.1.3.0': '42',
      '1.3.6.1.2.1.1.5.0': 'kantor\nlurah',
      '1.3.6.1.2.1.1.6.0': '',
      '1.3.6.1.2.1.2.2.1.8.1': '4294967295',
      '1.3.6.1.2.1.2.2.1.10.1': '4294967295',
      '1.3.6.1.2.1.4.20.1.3.1': '255.255.255.0',
    })
  })

  it('keeps bytes that are no UTF-8, and takes what a variation begins with as the value', () => {
    const latin = Buffer.from('1.3.6.1.2.1.1.6.0|4|Kantor Kel. Caf\u00e9\n', 'latin1')
    const utf8 = Buffer.from('1.3.6.1.2.1.1.5.0|4|caf\u00e9\n')
    const varied = [
      ...[
        '1.3.6.1.2.1.2.2.1.5.1|66:delay|value=100000000,wait=800',
        '1.3.6.1.2.1.2.2.1.6.1|4:delay|wait=1,hexvalue=0012ab',
      ],
      ...[
        '1.3.6.1.2.1.2.2.1.10.1|65:numeric|min=0,rate=2,initial=7',
        '1.3.6.1.2.1.1.1.0|4:writecache|value=Router',
        '1.3.6.1.2.1.2.2.1.14.1|65:numeric|rate=2',
      ],
    ]
    const { variables, problems } = parseRecording(
      Buffer.concat([latin, utf8, Buffer.from(varied.join('\n'))]),
      'a.snmprec',
    )
    expect(problems).toEqual([])
    const shown = variables.map(({ value }) => ('value' in value ? value.value : undefined))
    expect(shown).toEqual([
      ...[Buffer.from('Router'), Buffer.from('caf\u00e9'), Buffer.from('Kantor Kel. Caf\u00e9', 'latin1')],
      ...[100_000_000, Buffer.from('0012ab', 'hex'), 7, 0],
    ])
  })

  it('with bad lines names each of them', () => {
    const lines = '1.3.6|4\nhello\n1.3.x|4|a\n1.3.6.1|2|many\n1.3.6.2|99|1\n1.3.6.3|4x|abc\n1.3.6.4|4:sql|snmprec\n'
    const { problems } = parseRecording(Buffer.from(lines), 'a.snmprec')
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '1: must be OID|type|value',
      '2: must be OID|type|value',
      '3: "1.3.x" is no OID',
      '4: "many" is no integer',
      '5: unknown type "99"; known: 2, 4, 5, 6, 64 to 68, 70, with x behind it in hex',
      '6: these are no bytes in hex',
      '7: "sql" varies this line, and no value stands in it',
    ])
    expect(parseRecording(Buffer.from(''), 'b.snmprec').problems).toHaveLength(1)
  })
})

describe('its counters', () => {
  const { variables } = parseRecording(Buffer.from(ROUTER), 'router.snmprec')
  const movers = moversOf(variables, 'router')
  const total = (oid: string, upS: number): bigint => {
    const value = movers.get(oid)?.(upS)
    return value !== undefined && 'value' in value ? BigInt(value.value as number | bigint) : -1n
  }

  it('grow together, wrap at their width, and stay below the speed of the interface', () => {
    let before = { low: total(`${IF}.10.1`, 0), high: total('1.3.6.1.2.1.31.1.1.1.6.1', 0) }
    for (let upS = 30; upS < 7_200; upS += 30) {
      const now = { low: total(`${IF}.10.1`, upS), high: total('1.3.6.1.2.1.31.1.1.1.6.1', upS) }
      const grown = BigInt.asUintN(32, now.low - before.low)
      expect(grown).toBe(BigInt.asUintN(64, now.high - before.high))
      expect(grown).toBeGreaterThan(0n)
      expect(grown).toBeLessThan((30n * 100_000_000n) / 8n)
      before = now
    }
  })

  it('stand still on an interface that is down, while the uptime runs and wraps', () => {
    expect(movers.has(`${IF}.10.2`)).toBe(false)
    expect(total('1.3.6.1.2.1.1.3.0', 3)).toBe(4n)
  })
})

describe('a simulated device', () => {
  const device = createSimulatedDevice('router', parseRecording(Buffer.from(ROUTER), 'router.snmprec').variables)
  const question = (tag: number, oids: string[], repetitions = 0) => ({
    ...{ tag, requestId: 1, errorStatus: 0, errorIndex: repetitions },
    varbinds: oids.map(oid => ({ oid, value: { type: 'null' as const } })),
  })

  it('says of what it does not have whether the object or the row is missing', () => {
    const answer = device.answer(question(PDU.get, [`${IF}.8.9`, '1.3.6.1.9.1.0']), 'v2c', 0)
    expect(answer?.varbinds.map(({ value }) => value.type)).toEqual(['no-such-instance', 'no-such-object'])
    expect(device.answer(question(PDU.get, [`${IF}.8.1`, `${IF}.8.9`]), 'v1', 0)).toMatchObject({
      errorStatus: 2,
      errorIndex: 2,
    })
  })

  it('steps over 64 bits in v1, and takes no change', () => {
    const next = device.answer(question(PDU.getNext, [`${IF}.10.2`]), 'v1', 0)
    expect(next?.varbinds[0]?.oid).toBe('1.3.6.1.4.1.8072.9999.9999.2021.40.1.0')
    expect(device.answer(question(PDU.set, ['1.3.6.1.2.1.1.5.0']), 'v2c', 0)?.errorStatus).toBe(17)
  })

  it('ends a GETBULK at the end of its view', () => {
    const answer = device.answer(question(PDU.getBulk, ['1.3'], 50), 'v2c', 0)
    expect(answer?.varbinds).toHaveLength(11)
    expect(answer?.varbinds.at(-1)?.value.type).toBe('end-of-view')
  })
})
