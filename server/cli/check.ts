import { fileURLToPath } from 'node:url'
import { checkAdminToken } from '../access/admin-token.ts'
import { loadConfig } from '../config.ts'
import { checkVendorProfiles } from '../inventory/check-vendor-profiles.ts'
import { loadPacks } from '../rules/load-packs.ts'

const HELP = `pantau check: check configuration, packs and vendor profiles; every problem is named with its place

  --config FILE, --data DIR, --listen HOST:PORT   as for "pantau server"
`

const VENDORS = fileURLToPath(new URL('../../config/vendors', import.meta.url))
const OPERATIONS = fileURLToPath(new URL('../../config/operations', import.meta.url))

export async function checkCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(HELP)
    return 0
  }
  const problems: string[] = []
  let operations = OPERATIONS
  try {
    const config = loadConfig(argv, env)
    operations = config.operations ?? OPERATIONS
    if (config.adminToken !== null) checkAdminToken(config.adminToken)
  } catch (error) {
    problems.push(...(error instanceof Error ? error.message : String(error)).split('\n'))
  }
  const packs = loadPacks(operations)
  const vendors = checkVendorProfiles(VENDORS)
  for (const { file, line, column, message } of [...packs.problems, ...vendors.problems])
    problems.push(`${file}:${line}:${column}: ${message}`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  const { length } = vendors.profiles
  console.log(
    `configuration is valid; ${packs.packs.length} pack(s) with ${packs.rules.length} rules, ${length} vendor profiles`,
  )
  return 0
}
