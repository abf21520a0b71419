import { join } from 'node:path'
import type { Config } from './config.ts'
import { loadPacks } from './rules/load-packs.ts'
import { loadRegulations } from './rules/load-regulations.ts'

type Packs = {
  operational: ReturnType<typeof loadPacks>['rules']
  law: Pick<ReturnType<typeof loadRegulations>, 'packs' | 'rules'>
}

/** The rules of operations and of the regulations: the city's own files, or those that come along. Throws all problems with their places. */
export function readPacks({ config, root }: { config: Config; root: string }): Packs {
  const operations = loadPacks(config.operations ?? join(root, 'config/operations'))
  const law = loadRegulations(config.regulations ?? join(root, 'config/regulations'))
  const problems = [...operations.problems, ...law.problems]
  if (problems.length > 0) {
    throw new Error(
      problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    )
  }
  return { operational: operations.rules, law }
}
