// A session to a recorded device without a network between: what a device says does not depend on how it is asked.
import { readFileSync } from 'node:fs'
import { parseRecording } from '../../../../../agent/simulate/recording.ts'
import { createSimulatedDevice, type SimulatedDevice } from '../../../../../agent/simulate/simulated-device.ts'
import { statusError } from '../../../../../agent/sources/snmp/session/community-session.ts'
import type { SnmpSession } from '../../../../../agent/sources/snmp/session/session.ts'
import type { Oid, Varbind } from '../../../../../agent/sources/snmp/value.ts'
import { ask, PDU } from '../../../../../agent/sources/snmp/wire/message.ts'

export function deviceOf(path: string): SimulatedDevice {
  const { variables, problems } = parseRecording(readFileSync(path), path)
  if (problems.length > 0) throw new Error(problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return createSimulatedDevice('recorded', variables)
}

export function sessionTo(device: Pick<SimulatedDevice, 'answer'>, upS: () => number = () => 0): SnmpSession {
  const exchange = async (tag: number, oids: readonly Oid[], repetitions = 0): Promise<Varbind[]> => {
    const pdu = { tag, requestId: 1, errorStatus: 0, errorIndex: repetitions, varbinds: ask(oids) }
    const answer = device.answer(pdu, 'v2c', upS())
    if (answer === undefined) throw new Error('no answer')
    if (answer.errorStatus !== 0) throw statusError(answer.errorStatus, answer.errorIndex)
    return answer.varbinds
  }
  return {
    version: 'v2c',
    get: oids => exchange(PDU.get, oids),
    getNext: oids => exchange(PDU.getNext, oids),
    getBulk: (oids, repetitions) => exchange(PDU.getBulk, oids, repetitions),
    close() {},
  }
}
