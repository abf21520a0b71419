import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { readOptional } from './read-text.ts'

export type RaidArray = {
  device: string
  /** As node_exporter tells them. */
  state: 'active' | 'inactive' | 'recovering' | 'resync' | 'check'
  disksRequired: number
  disksActive: number
  disksFailed: number
  disksSpare: number
  blocks: number
  blocksSynced: number
}

const STATES = ['active', 'inactive', 'recovering', 'resync', 'check'] as const

/** The arrays of md(4), from /proc/mdstat. Throws when an array is told in an unknown form. */
export function parseMdStat(text: string): RaidArray[] {
  return [...text.matchAll(/^(md\S+) : (.*)\n((?:[ \t]+.*\n?)*)/gm)].map(([, device = '', head = '', body = '']) => {
    const members = [...head.matchAll(/\S+\[\d+\](?:\((\w)\))?/g)].map(([, mark]) => mark)
    const isActive = head.startsWith('active')
    if (!isActive && !head.startsWith('inactive')) throw new Error(`/proc/mdstat tells ${device} in an unknown form`)
    const blocks = Number(/^\s*(\d+) blocks/m.exec(body)?.[1] ?? 0)
    const [, required, active] = /\[(\d+)\/(\d+)\]/.exec(body) ?? []
    const sync = /(recovery|reshape|resync|check)\s*=\s*[\d.]+%\s*\((\d+)\/(\d+)\)/.exec(body)
    const waiting = /(recovery|reshape|resync|check)\s*=\s*(?:DELAYED|PENDING)/.exec(body)
    const marked = (mark: string): number => members.filter(one => one === mark).length
    const disksFailed = marked('F')
    const disksSpare = marked('S')
    // RAID 0 and linear have no [n/m]: there every member is needed.
    const whole = members.length - disksFailed - disksSpare
    return {
      device,
      state: isActive ? stateOf(sync?.[1] ?? waiting?.[1]) : 'inactive',
      disksRequired: required === undefined ? members.length : Number(required),
      disksActive: active === undefined ? (isActive ? whole : 0) : Number(active),
      disksFailed,
      disksSpare,
      blocks,
      blocksSynced: sync === null ? (waiting === null ? blocks : 0) : Number(sync[2]),
    }
  })
}

function stateOf(action: string | undefined): RaidArray['state'] {
  if (action === 'recovery' || action === 'reshape') return 'recovering'
  return action === 'resync' || action === 'check' ? action : 'active'
}

export function mdGauges(array: RaidArray): Gauge[] {
  const { device } = array
  const gauge = (name: string, value: number, labels = {}): Gauge => ({
    metric: `node_md_${name}`,
    labels: { device, ...labels },
    value,
  })
  return [
    ...STATES.map(state => gauge('state', array.state === state ? 1 : 0, { state })),
    gauge('disks_required', array.disksRequired),
    gauge('disks', array.disksActive, { state: 'active' }),
    gauge('disks', array.disksFailed, { state: 'failed' }),
    gauge('disks', array.disksSpare, { state: 'spare' }),
    gauge('blocks', array.blocks),
    gauge('blocks_synced', array.blocksSynced),
  ]
}

/** node_md_*; not offered where the kernel has no arrays. */
export function createMdRaidSource(deps: { procRoot: string }): Source {
  return {
    name: 'md-raid',
    async read() {
      const text = await readOptional(join(deps.procRoot, 'mdstat'))
      const arrays = text === undefined ? [] : parseMdStat(text)
      return arrays.length === 0 ? 'not-offered' : { gauges: arrays.flatMap(mdGauges) }
    },
  }
}
