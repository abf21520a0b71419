// Which packages come, exactly, and from wherever the machine's own npm is set up to take them.
import type { Tree, Violation } from './tree.ts'

const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

type Lists = Partial<Record<(typeof LISTS)[number], Record<string, string>>>

export function packageViolations(tree: Tree): Violation[] {
  const violations: Violation[] = []
  const wanted = JSON.parse(tree.get('package.json') ?? '{}') as Lists
  const text = tree.get('package-lock.json') ?? '{}'
  const lock = JSON.parse(text) as { packages?: Record<string, Lists & { resolved?: string; integrity?: string }> }

  for (const list of LISTS) {
    const locked = lock.packages?.['']?.[list] ?? {}
    for (const [name, version] of Object.entries(wanted[list] ?? {})) {
      if (!EXACT.test(version)) violations.push({ path: 'package.json', what: `${name} ${version} is not exact` })
      if (locked[name] !== version)
        violations.push({ path: 'package-lock.json', what: `${name} is not locked at ${version}: run npm install` })
    }
  }
  for (const [path, { resolved, integrity }] of Object.entries(lock.packages ?? {})) {
    if (resolved !== undefined) violations.push({ path: 'package-lock.json', what: `${path} names a download address` })
    if (path !== '' && integrity === undefined)
      violations.push({ path: 'package-lock.json', what: `${path} has no integrity` })
  }
  if (/registry\s*=/.test(tree.get('.npmrc') ?? ''))
    violations.push({ path: '.npmrc', what: 'names a registry: that is a matter of the machine' })
  return violations
}
