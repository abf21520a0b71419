// A wall that somebody looks at while the load runs: the live line as the page opens it, without a browser.

import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import { LIVE_PATH, type PageToServer, type ServerToPage } from '../../../protocol/live.ts'
import { rawCall, type TestCollector } from '../../support/collector.ts'
import { PASSWORD } from '../../support/sign-up.ts'
import type { Figures } from './run-load.ts'

export type OpenPage = { words(): string; close(): Promise<Figures> }

/** Signs up the first administrator and watches the wall; one more snapshot is asked for at the end. */
export async function openPage(collector: TestCollector): Promise<OpenPage> {
  const body = { link: collector.setUpLink() ?? '', name: 'kepala', displayName: 'Kepala NOC', password: PASSWORD }
  const answer = await rawCall(collector, 'setUp', { token: null, body })
  if (!answer.ok) throw new Error(`setUp: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map(one => one.split(';')[0])
    .join('; ')
  const socket: Socket<ServerToPage, PageToServer> = io(collector.url, {
    ...{ path: LIVE_PATH, transports: ['websocket'], extraHeaders: { cookie, origin: collector.url } },
  })
  let [patches, bytes, tiles] = [0, 0, 0]
  socket.on('patch', patch => {
    patches += 1
    bytes += JSON.stringify(patch).length
    tiles += patch.servers.length
  })
  const snapshot = () =>
    new Promise<{ ms: number; bytes: number }>((resolve, reject) => {
      const askedMs = performance.now()
      socket.once('snapshot', wall => resolve({ ms: performance.now() - askedMs, bytes: JSON.stringify(wall).length }))
      socket.once('connect_error', reject)
      socket.emit('watch-wall', true)
    })
  await snapshot()
  const openedMs = performance.now()
  return {
    words() {
      const said = `${patches} patches, ${(bytes / 1024).toFixed(0)} KiB, ${tiles} tiles`
      ;[patches, bytes, tiles] = [0, 0, 0]
      return said
    },
    async close() {
      const { ms, bytes: snapshotBytes } = await snapshot()
      socket.disconnect()
      return {
        'snapshot of the wall to a page, ms': ms,
        'snapshot of the wall, KiB': snapshotBytes / 1024,
        'minutes that a page was open': (performance.now() - openedMs) / 60_000,
      }
    },
  }
}
