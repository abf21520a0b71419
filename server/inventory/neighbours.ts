// Pure: which of our devices stand next to each other by what they hear of their neighbours, and what follows for who is
// reached through whom.
import { createTopology, cyclesOf, type Edge } from './topology.ts'

/** What a device says of one neighbour: `interfaceName` is its own port, `port` that of the neighbour. */
export type Heard = {
  deviceId: string
  interfaceName: string | null
  name: string
  port: string | null
  address: string | null
}

/** A device of ours by all that a neighbour may call it. LLDP names a chassis or a port by a MAC where it has nothing else. */
export type Known = {
  id: string
  names: readonly string[]
  addresses: readonly string[]
  ports: readonly { name: string; mac: string }[]
}

/** Two devices at the ends of one cable; a port is null where nobody told it. */
export type Adjacency = { left: PortOf; right: PortOf }
export type PortOf = { deviceId: string; interfaceName: string | null }

/** By its address, its name, or the MAC of a port; one that could be two of ours is nobody. A cable that both ends tell of counts once. */
export function adjacenciesOf(heard: readonly Heard[], devices: readonly Known[]): Adjacency[] {
  const byAddress = ownersOf(devices, ({ addresses }) => addresses)
  const byName = ownersOf(devices, ({ names }) => names)
  const byMac = ownersOf(devices, ({ ports }) => ports.map(({ mac }) => mac))
  const portsOf = new Map(devices.map(({ id, ports }) => [id, ports]))
  const cables = new Map<string, Adjacency>()
  for (const { deviceId, interfaceName, name, port, address } of heard) {
    const other =
      soleOf(byAddress.get(address?.toLowerCase() ?? '')) ??
      soleOf(byName.get(name.toLowerCase())) ??
      soleOf(byMac.get(name.toLowerCase())) ??
      soleOf(byMac.get(port?.toLowerCase() ?? ''))
    if (other === undefined || other === deviceId) continue
    // A bridge often has the MAC of one of its ports: then nobody knows which of them it is.
    const [named, ...alike] = (portsOf.get(other) ?? []).filter(({ mac }) => mac === port?.toLowerCase())
    const otherPort = named === undefined ? port : alike.length === 0 ? named.name : null
    const ends = [
      { deviceId, interfaceName },
      { deviceId: other, interfaceName: otherPort },
    ].sort((one, two) => (one.deviceId < two.deviceId ? -1 : 1))
    const [left, right] = ends
    if (left === undefined || right === undefined) continue
    const key = `${left.deviceId}\n${left.interfaceName ?? ''}\n${right.deviceId}\n${right.interfaceName ?? ''}`
    cables.set(key, { left, right })
  }
  return [...cables.values()]
}

function ownersOf(devices: readonly Known[], keysOf: (one: Known) => readonly string[]): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>()
  for (const device of devices)
    for (const key of keysOf(device)) {
      const known = owners.get(key.toLowerCase()) ?? new Set()
      owners.set(key.toLowerCase(), known.add(device.id))
    }
  return owners
}

const soleOf = (ids: ReadonlySet<string> | undefined): string | undefined => (ids?.size === 1 ? [...ids][0] : undefined)

/**
 * Parents for those that have none and of whom no person said anything: whatever is one step nearer to where things hang
 * from. That is what others are reached through already and what stands in a data centre; in a part of the network that has
 * neither, the one device with most neighbours. Where two have as many nothing is proposed.
 */
export function proposeParents(input: {
  adjacencies: readonly Adjacency[]
  edges: readonly Edge[]
  /** Devices that stand in a data centre. */
  central: ReadonlySet<string>
  /** Of whom a person said through what they are reached. */
  said: ReadonlySet<string>
}): Edge[] {
  const next = new Map<string, Set<string>>()
  for (const { left, right } of input.adjacencies) {
    next.set(left.deviceId, (next.get(left.deviceId) ?? new Set()).add(right.deviceId))
    next.set(right.deviceId, (next.get(right.deviceId) ?? new Set()).add(left.deviceId))
  }
  const topology = createTopology(input.edges)
  const steps = new Map<string, number>()
  for (const part of partsOf(next)) {
    const set = part.filter(id => input.central.has(id) || topology.childrenOf(id).length > 0)
    walk(set.length > 0 ? set : mostNeighbours(part, next), next, steps)
  }
  const proposed: Edge[] = []
  for (const [childId, step] of steps) {
    if (step === 0 || input.said.has(childId) || topology.parentsOf(childId).length > 0) continue
    for (const parentId of next.get(childId) ?? [])
      if (steps.get(parentId) === step - 1) proposed.push({ childId, parentId })
  }
  // What people said may run the other way round.
  return proposed.filter(edge => cyclesOf([...input.edges, edge]).length === 0)
}

function walk(
  from: readonly string[],
  next: ReadonlyMap<string, ReadonlySet<string>>,
  steps: Map<string, number>,
): void {
  for (const id of from) steps.set(id, 0)
  let edge = [...from]
  for (let step = 1; edge.length > 0; step += 1) {
    const reached = new Set(edge.flatMap(id => [...(next.get(id) ?? [])]).filter(id => !steps.has(id)))
    for (const id of reached) steps.set(id, step)
    edge = [...reached]
  }
}

function partsOf(next: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const seen = new Set<string>()
  return [...next.keys()].flatMap(start => {
    if (seen.has(start)) return []
    const part = new Map<string, number>()
    walk([start], next, part)
    for (const id of part.keys()) seen.add(id)
    return [[...part.keys()]]
  })
}

function mostNeighbours(part: readonly string[], next: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const [first, second] = [...part].sort((left, right) => (next.get(right)?.size ?? 0) - (next.get(left)?.size ?? 0))
  if (first === undefined || next.get(first)?.size === next.get(second ?? '')?.size) return []
  return [first]
}
