import { computed, signal } from '@preact/signals'
import type { LiveSamples } from '../../../protocol/live.ts'
import type { Line } from './line.ts'
import { EMPTY_WALL, type WallState } from './reducer.ts'

/** What the page knows by the live line. Signals, so that a change redraws only what reads it. */
export const wallState = signal<WallState>(EMPTY_WALL)
export const wall = computed(() => wallState.value.wall)
export const line = signal<Line>({ state: 'connecting', since: Date.now() })
/** The newest samples of the server that is being looked at. */
export const samples = signal<LiveSamples | null>(null)
/** Counts up when a link or a probed device turned, or the topology or a maintenance changed. */
export const networkChange = signal(0)
/** Counts up when something that backups and recovery centres rest on changed. */
export const backupsChange = signal(0)
/** Counts up when a register, a setting or a verdict of a duty changed. */
export const dutiesChange = signal(0)
/** Counts up when the record of a server changed. */
export const serverChange = signal<{ serverId: string; count: number }>({ serverId: '', count: 0 })
