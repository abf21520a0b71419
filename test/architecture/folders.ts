// Who may import whom across the folders, and which packages.
import { isBuiltin } from 'node:module'
import { type Import, importsOf, SOURCE } from './imports.ts'
import type { Tree, Violation } from './tree.ts'

type PackageLists = { dependencies: Record<string, string>; devDependencies: Record<string, string> }

const FOLDERS = ['protocol', 'agent', 'server', 'dashboard'] as const
type Folder = (typeof FOLDERS)[number]

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Files of protocol/ that bring zod along when they are imported by value. */
export function heavyProtocolFiles(tree: Tree): Set<string> {
  const files = [...tree.keys()].filter(path => path.startsWith('protocol/') && SOURCE.test(path))
  const heavy = new Set<string>()
  for (let before = -1; before !== heavy.size; ) {
    before = heavy.size
    for (const path of files) {
      const brings = importsOf(tree, path).some(
        ({ kind, specifier, target }) => kind !== 'type' && (specifier === 'zod' || heavy.has(target ?? '')),
      )
      if (brings) heavy.add(path)
    }
  }
  return heavy
}

export function folderViolations(tree: Tree): Violation[] {
  const lists = JSON.parse(tree.get('package.json') ?? '{}') as Partial<PackageLists>
  const runtime = new Set(Object.keys(lists.dependencies ?? {}))
  const bundled = new Set([...runtime, ...Object.keys(lists.devDependencies ?? {})])
  const heavy = heavyProtocolFiles(tree)

  const judge = (folder: Folder, path: string, { specifier, target, kind }: Import): string | null => {
    if (target !== null) {
      const other = target.split('/')[0] ?? ''
      if (other === folder) return null
      // Starting the command as a process of its own is no import.
      if (kind === 'url' && target === 'pantau.mjs') return null
      if (other !== 'protocol') return `${folder} imports ${target}: it may import only itself and protocol`
      // zod costs an agent 19 MB and a page its first second; both need only the types.
      if (folder !== 'server' && folder !== 'protocol' && kind !== 'type' && heavy.has(target))
        return `${target} brings zod into the ${folder}: import only its types`
      return null
    }
    if (folder === 'agent' && specifier === 'zod') return 'zod costs an agent 19 MB: it sends what the collector parses'
    if (folder === 'protocol')
      return specifier === 'zod' ? null : `protocol imports ${specifier}: it may import only zod`
    const config = path === 'dashboard/vite.config.ts'
    if (isBuiltin(specifier)) {
      if (folder === 'dashboard' && !config) return `${specifier} does not exist in a browser`
      return specifier.startsWith('node:') ? null : `write node:${specifier}`
    }
    const allowed = folder === 'dashboard' ? bundled : runtime
    if (allowed.has(packageOf(specifier))) return null
    const list = folder === 'dashboard' ? 'package.json' : 'the dependencies of package.json'
    return `${packageOf(specifier)} is not in ${list}`
  }

  const violations: Violation[] = []
  for (const path of tree.keys()) {
    const folder = FOLDERS.find(name => path.startsWith(`${name}/`))
    if (!folder || !SOURCE.test(path)) continue
    for (const found of importsOf(tree, path)) {
      const what = judge(folder, path, found)
      if (what !== null) violations.push({ path, line: found.line, what })
    }
  }
  return violations
}
