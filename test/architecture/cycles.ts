// Circles of imports between files, type imports included: a circle of types is a circle of knowledge.
import { importsOf, SOURCE } from './imports.ts'
import type { Tree, Violation } from './tree.ts'

export const PROGRAM = /^(agent|server|dashboard|protocol)\//

/** One violation a circle, told as the way round. */
export function cycleViolations(tree: Tree): Violation[] {
  const edges = new Map<string, { target: string; line: number }[]>()
  for (const path of tree.keys()) {
    if (!PROGRAM.test(path) || !SOURCE.test(path)) continue
    const targets = importsOf(tree, path).flatMap(({ target, line }) =>
      target !== null && tree.has(target) ? [{ target, line }] : [],
    )
    edges.set(path, targets)
  }

  const violations: Violation[] = []
  const done = new Set<string>()
  const way: string[] = []
  const visit = (path: string) => {
    way.push(path)
    for (const { target, line } of edges.get(path) ?? []) {
      const start = way.indexOf(target)
      if (start >= 0) violations.push({ path, line, what: `a circle: ${[...way.slice(start), target].join(' -> ')}` })
      else if (!done.has(target)) visit(target)
    }
    way.pop()
    done.add(path)
  }
  for (const path of edges.keys()) if (!done.has(path)) visit(path)
  return violations
}
