import { createDatagrams } from '../../../agent/sources/snmp/session/datagrams.ts'
import { openSession } from '../../../agent/sources/snmp/session/open-session.ts'
import type { SnmpCredential } from '../../../protocol/snmp.ts'
import { shown } from './process-cost.ts'
import { FIRST_PORT, OIDS } from './routers.ts'

const VARIABLES_A_QUESTION = 48
const AT_A_TIME = 50

/** Sessions as fast as they go: all columns of all interfaces of each device, fifty devices at once. */
export async function measureSessions(name: string, credential: SnmpCredential, devices: number): Promise<void> {
  const datagrams = createDatagrams()
  const sessions = await Promise.all(
    Array.from({ length: devices }, (_, index) =>
      openSession({
        ...{ datagrams, endpoint: { address: '127.0.0.1', port: FIRST_PORT + index }, credential },
        patience: { timeoutMs: 3_000, retries: 2 },
      }),
    ),
  )
  const pollAll = async (): Promise<void> => {
    const queue = [...sessions]
    const work = async (): Promise<void> => {
      for (let one = queue.pop(); one !== undefined; one = queue.pop())
        for (let at = 0; at < OIDS.length; at += VARIABLES_A_QUESTION)
          await one.get(OIDS.slice(at, at + VARIABLES_A_QUESTION))
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, work))
  }
  await pollAll()
  const cpu = process.cpuUsage()
  const startedMs = performance.now()
  const times = 3
  for (let time = 0; time < times; time += 1) await pollAll()
  const overS = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const cpuMs = (user + system) / 1_000 / (times * devices)
  console.log(
    `${name}: ${shown((times * devices) / overS, 0)} devices/s beside the simulator, ` +
      `${shown(cpuMs)} ms of CPU a device: ${shown(1_000 / cpuMs, 0)} devices/s a core`,
  )
  for (const one of sessions) one.close()
  datagrams.close()
}
