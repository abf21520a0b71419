// What is different between two looks at a device, as a list that people can read. Pure.
import type { Discovery, FoundInterface } from '../../protocol/snmp.ts'
import type { KnownInterface } from './match-interfaces.ts'

export type Difference = { what: string; part: string; before: string | null; after: string | null }

/** What was known after the last look. */
export type KnownDevice = Pick<Discovery, 'identity' | 'notOffered' | 'sensors' | 'neighbours'>
export type KnownPort = KnownInterface & {
  speed_bps: number | null
  addresses: string
  gone_at: number | null
}

const IDENTITY_FIELDS = [
  ...(['vendor', 'model', 'serial', 'osVersion', 'engineId', 'baseMac'] as const),
  ...(['sysName', 'sysLocation', 'sysContact'] as const),
]

export function differencesOf(
  known: KnownDevice,
  found: Discovery,
  ports: { pairs: readonly { found: FoundInterface; known: KnownPort | null }[]; gone: readonly KnownPort[] },
): Difference[] {
  const identity = IDENTITY_FIELDS.flatMap(field =>
    changed(`identity.${field}`, '', known.identity[field], found.identity[field]),
  )
  const sets = [
    ...membership('sensor', known.sensors, found.sensors, ({ sensor }) => sensor),
    ...membership('neighbour', known.neighbours, found.neighbours, nameOfNeighbour),
    ...membership('not-offered', known.notOffered, found.notOffered, figure => figure),
  ]
  return [...identity, ...portDifferences(ports), ...sets]
}

function portDifferences(ports: Parameters<typeof differencesOf>[2]): Difference[] {
  const appeared = ports.pairs.flatMap(({ found, known }): Difference[] => {
    const part = found.device
    if (known === null) return [{ what: 'interface.appeared', part, before: null, after: found.alias }]
    const back = known.gone_at === null ? [] : [{ what: 'interface.back', part, before: null, after: found.alias }]
    return [
      ...back,
      ...changed('interface.name', part, known.name, found.device),
      ...changed('interface.alias', part, known.alias, found.alias),
      ...changed('interface.mac', part, known.mac, found.mac),
      ...changed('interface.speed', part, textOf(known.speed_bps), textOf(found.speedBps)),
      ...changed('interface.addresses', part, listText(known.addresses), [...found.addresses].sort().join(', ')),
    ]
  })
  const gone = ports.gone
    .filter(one => one.gone_at === null)
    .map(one => ({ what: 'interface.gone', part: one.name, before: one.alias, after: null }))
  return [...appeared, ...gone]
}

const textOf = (value: number | null): string | null => (value === null ? null : String(value))
const listText = (json: string): string => (JSON.parse(json) as string[]).sort().join(', ')
const nameOfNeighbour = ({ device, name, port }: Discovery['neighbours'][number]): string =>
  [device ?? '', name, port ?? ''].filter(text => text !== '').join(' · ')

function changed(what: string, part: string, before: string | null, after: string | null): Difference[] {
  return before === after ? [] : [{ what, part, before, after }]
}

function membership<T>(what: string, before: readonly T[], after: readonly T[], nameOf: (one: T) => string) {
  const [had, has] = [new Set(before.map(nameOf)), new Set(after.map(nameOf))]
  return [
    ...[...has]
      .filter(name => !had.has(name))
      .map(part => ({ what: `${what}.appeared`, part, before: null, after: part })),
    ...[...had].filter(name => !has.has(name)).map(part => ({ what: `${what}.gone`, part, before: part, after: null })),
  ]
}
