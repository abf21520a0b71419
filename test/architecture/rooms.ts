// The order of the rooms inside server/: a room imports only from rooms below it.
import { importsOf, SOURCE } from './imports.ts'
import type { Tree, Violation } from './tree.ts'

/** Bottom first. Rooms on one line are siblings and do not know each other. */
export const ROOM_ORDER: readonly (readonly string[])[] = [
  ['platform'],
  ['stores'],
  ['access'],
  ['inventory'],
  // What a machine fetches to become watched: script, bundles, upgrades.
  ['install'],
  ['registers'],
  ['availability', 'bandwidth', 'backups'],
  ['oncall'],
  ['incidents'],
  ['desk'],
  ['notify'],
  ['rules'],
  ['reports'],
  ['ingest'],
  // The collector copied whole, and brought back.
  ['own-copies'],
  // What the screens see, put together from the rooms; both the API and the live line show it.
  ['views'],
  ['http', 'live'],
  // What puts the rooms together, above all of them.
  ['config.ts'],
  // Parts of putting it together, a file each.
  ['noc-agent.ts', 'greet.ts', 'read-packs.ts', 'open-stores.ts', 'own-certificate.ts', 'telling.ts'],
  ['app.ts'],
  ['cli'],
  ['main.ts'],
]

const levelOf = (room: string): number => ROOM_ORDER.findIndex(level => level.includes(room))
const roomOf = (path: string): string => path.split('/')[1] ?? ''

export function roomViolations(tree: Tree): Violation[] {
  const violations: Violation[] = []
  for (const path of tree.keys()) {
    if (!path.startsWith('server/') || !SOURCE.test(path)) continue
    const room = roomOf(path)
    if (levelOf(room) < 0) {
      violations.push({ path, what: `server/${room} is not a room of the house (see ROOM_ORDER)` })
      continue
    }
    for (const { target, line, kind } of importsOf(tree, path)) {
      if (!target?.startsWith('server/')) continue
      const other = roomOf(target)
      if (other === room || levelOf(other) < 0) continue
      if (levelOf(other) > levelOf(room))
        violations.push({ path, line, what: `${room} imports upward from ${other} (${target})` })
      else if (levelOf(other) === levelOf(room))
        violations.push({ path, line, what: `${room} imports from its sibling ${other} (${target})` })
      else if (other === 'config.ts' && room === 'app.ts' && kind !== 'type')
        violations.push({ path, line, what: 'app.ts gets its configuration handed in: import only the type' })
    }
  }
  return violations
}
