// Runs in a network namespace of its own: reads the interfaces once, then says each change that the watch notices.
import { systemClock } from '../../../agent/platform/clock.ts'
import { createNetworkSource } from '../../../agent/sources/host/network.ts'
import { readNow } from './read-now.ts'

const source = createNetworkSource({ procRoot: '/proc', sysRoot: '/sys', clock: systemClock })
const say = async (): Promise<void> => {
  const { gauges } = await readNow(source)
  const up = gauges.filter(({ metric }) => metric === 'node_network_up')
  console.log(['links', ...up.map(({ labels, value }) => `${labels?.device}=${value}`)].join(' '))
}
await say()
setInterval(() => void (source.hasChanged?.() && say()), 20)
