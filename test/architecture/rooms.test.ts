import { describe, expect, it } from 'vitest'
import { cycleViolations } from './cycles.ts'
import { folderViolations } from './folders.ts'
import { roomViolations } from './rooms.ts'
import { planted, readTree, tell } from './tree.ts'

const tree = readTree()

describe('rooms of the server', () => {
  it('import downward only', () => expect(tell(roomViolations(tree))).toEqual([]))

  it('are refused when they import upward, types too', () => {
    const files = planted({
      'server/stores/outbox.ts': `import type { Incident } from '../incidents/incident.ts'`,
      'server/incidents/incident.ts': `import { x } from '../stores/outbox.ts'`,
    })
    expect(tell(roomViolations(files))).toEqual([
      'server/stores/outbox.ts:1: stores imports upward from incidents (server/incidents/incident.ts)',
    ])
  })

  it('are refused when siblings know each other', () => {
    const files = planted({
      'server/live/feed.ts': `const x = await import('../http/router.ts')`,
      'server/http/router.ts': '',
    })
    expect(tell(roomViolations(files))).toEqual([
      'server/live/feed.ts:1: live imports from its sibling http (server/http/router.ts)',
    ])
  })

  it('are refused when they are not on the list', () => {
    expect(tell(roomViolations(planted({ 'server/attic/box.ts': '' })))).toEqual([
      'server/attic/box.ts: server/attic is not a room of the house (see ROOM_ORDER)',
    ])
  })

  it('do not reach for the configuration: it is handed in', () => {
    const files = planted({
      'server/config.ts': '',
      'server/notify/send.ts': `import type { Config } from '../config.ts'`,
      'server/app.ts': `import { readConfig } from './config.ts'`,
      'server/main.ts': `import { readConfig } from './config.ts'`,
    })
    expect(tell(roomViolations(files))).toEqual([
      'server/notify/send.ts:1: notify imports upward from config.ts (server/config.ts)',
      'server/app.ts:1: app.ts gets its configuration handed in: import only the type',
    ])
  })
})

describe('circles', () => {
  it('are nowhere', () => expect(tell(cycleViolations(tree))).toEqual([]))

  it('are told as the way round', () => {
    const files = planted({
      'agent/a.ts': `import './b.ts'`,
      'agent/b.ts': `\nimport type { C } from './c.ts'`,
      'agent/c.ts': `export { a } from './a.ts'`,
    })
    expect(tell(cycleViolations(files))).toEqual([
      'agent/c.ts:1: a circle: agent/a.ts -> agent/b.ts -> agent/c.ts -> agent/a.ts',
    ])
  })

  it('are not seen where two ways lead to one file', () => {
    const files = planted({
      'agent/a.ts': `import './b.ts'\nimport './c.ts'`,
      'agent/b.ts': `import './c.ts'`,
      'agent/c.ts': '',
    })
    expect(cycleViolations(files)).toEqual([])
  })
})

describe('folders', () => {
  it('import only what they may', () => expect(tell(folderViolations(tree))).toEqual([]))

  it('are refused when they import each other, an unknown package, or Node in the page', () => {
    const files = planted({
      'package.json': JSON.stringify({
        dependencies: { pino: '1.0.0', zod: '4.0.0' },
        devDependencies: { preact: '1.0.0' },
      }),
      'protocol/views.ts': `import { z } from 'zod'`,
      'protocol/wall.ts': `import { view } from './views.ts'`,
      'protocol/odd.ts': `import 'pino'`,
      'agent/a.ts': `import { app } from '../server/app.ts'\nimport { z } from 'zod'\nimport 'fs'`,
      'server/b.ts': `import 'node:fs'\nimport 'pino/file'\nimport 'preact'\nimport { z } from '../protocol/views.ts'`,
      'dashboard/c.ts': `import 'node:fs'\nimport { h } from 'preact'\nimport { wall } from '../protocol/wall.ts'\nimport type { V } from '../protocol/views.ts'`,
    })
    expect(tell(folderViolations(files))).toEqual([
      'protocol/odd.ts:1: protocol imports pino: it may import only zod',
      'agent/a.ts:1: agent imports server/app.ts: it may import only itself and protocol',
      'agent/a.ts:2: zod costs an agent 19 MB: it sends what the collector parses',
      'agent/a.ts:3: write node:fs',
      'server/b.ts:3: preact is not in the dependencies of package.json',
      'dashboard/c.ts:1: node:fs does not exist in a browser',
      'dashboard/c.ts:3: protocol/wall.ts brings zod into the dashboard: import only its types',
    ])
  })
})
