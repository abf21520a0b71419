import { effect } from '@preact/signals'
import { createLiveConnection, type LiveConnection } from '../live/connection.ts'
import {
  backupsChange,
  dutiesChange,
  line,
  networkChange,
  samples,
  serverChange,
  wallState,
} from '../live/live-state.ts'
import { EMPTY_WALL } from '../live/reducer.ts'
import { learnCollectorTime } from './clock.ts'
import { readSession, session } from './session.ts'

let connection: LiveConnection | null = null
let watched: string | null = null

/** Keeps the live line open exactly as long as someone is signed in. */
export function startLive(): void {
  effect(() => {
    const person = session.value?.user.id ?? null
    if (person === null) {
      connection?.stop()
      connection = null
      wallState.value = EMPTY_WALL
      return
    }
    if (connection !== null) return
    line.value = { state: 'connecting', since: Date.now() }
    connection = createLiveConnection({
      getWall: () => wallState.peek(),
      setWall: state => {
        wallState.value = state
      },
      getLine: () => line.peek(),
      setLine: next => {
        line.value = next
      },
      onCollectorTime: learnCollectorTime,
      onSamples: message => {
        samples.value = message
      },
      onServerChanged: serverId => {
        serverChange.value = { serverId, count: serverChange.peek().count + 1 }
      },
      onNetworkChanged: () => {
        networkChange.value += 1
      },
      onBackupsChanged: () => {
        backupsChange.value += 1
      },
      onDutiesChanged: () => {
        dutiesChange.value += 1
      },
      onRefused: () => void readSession(),
    })
    connection.watchServer(watched)
    connection.start()
  })
  // The whole page looks old when the line is lost, not only the parts that know of it.
  effect(() => {
    document.documentElement.dataset.line = session.value === null ? 'none' : line.value.state
  })
}

/** Asks for the samples of one server as they come; null ends it. */
export function watchServer(serverId: string | null): void {
  watched = serverId
  connection?.watchServer(serverId)
}
