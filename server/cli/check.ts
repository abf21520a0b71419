import { fileURLToPath } from 'node:url'
import { checkAdminToken } from '../access/admin-token.ts'
import { loadConfig } from '../config.ts'
import { checkVendorProfiles } from '../inventory/check-vendor-profiles.ts'
import { loadPacks } from '../rules/load-packs.ts'
import { loadRegulations } from '../rules/load-regulations.ts'

const HELP = `pantau check: check configuration, packs and vendor profiles; every problem is named with its place

  --config FILE, --data DIR, --listen HOST:PORT   as for "pantau server"
`

const VENDORS = fileURLToPath(new URL('../../config/vendors', import.meta.url))
const OPERATIONS = fileURLToPath(new URL('../../config/operations', import.meta.url))
const REGULATIONS = fileURLToPath(new URL('../../config/regulations', import.meta.url))

export async function checkCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(HELP)
    return 0
  }
  const problems: string[] = []
  let [operations, regulations]: [string, string] = [OPERATIONS, REGULATIONS]
  let chosen: string | undefined
  try {
    const config = loadConfig(argv, env)
    operations = config.operations ?? OPERATIONS
    regulations = config.regulations ?? REGULATIONS
    chosen = config.regulation
    if (config.adminToken !== null) checkAdminToken(config.adminToken)
  } catch (error) {
    problems.push(...(error instanceof Error ? error.message : String(error)).split('\n'))
  }
  const operational = loadPacks(operations)
  const legal = loadRegulations(regulations)
  const vendors = checkVendorProfiles(VENDORS)
  for (const { file, line, column, message } of [...operational.problems, ...legal.problems, ...vendors.problems]) {
    problems.push(`${file}:${line}:${column}: ${message}`)
  }
  if (chosen !== undefined && legal.problems.length === 0 && !legal.packs.some(pack => pack.id === chosen)) {
    problems.push(`regulation: there is no "${chosen}" in ${regulations}`)
  }
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  const { length } = vendors.profiles
  console.log(
    `configuration is valid; ${operational.packs.length} pack(s) with ${operational.rules.length} rules, ${length} vendor profiles`,
  )
  const core = legal.rules.filter(rule => rule.duty?.scope === 'core').length
  console.log(`${legal.packs.length} regulation(s) with ${legal.rules.length} duties, ${core} of them core`)
  return 0
}
