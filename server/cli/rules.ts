import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parameterValue } from '../../protocol/shapes.ts'
import { readYaml } from '../platform/yaml-text.ts'
import { csvLine } from '../reports/csv-export.ts'
import { problemsOfParameters, type ReplayParameters, replay } from '../rules/duties/replay.ts'
import { loadRegulations } from '../rules/load-regulations.ts'
import { openRecords } from '../stores/records/records.ts'

const HELP = `pantau rules replay: judge the duties of the past again; nothing that is kept is touched

  --from DAY, --to DAY   first and last day, e.g. 2026-01-01
  --parameters FILE      YAML: new values by duty and parameter, "depok-2021-40-18-5-...: { periodMonths: 6 }"
  --data DIR             data directory of the collector; also PANTAU_DATA (default ./data)
  --regulations DIR      the regulations to judge by (default those that Pantau comes with)

Prints a line for each verdict that changes, as CSV: day, duty, subject, part, from, to, value.
`

const REGULATIONS = fileURLToPath(new URL('../../config/regulations', import.meta.url))
const day = z.iso.date()

export async function rulesCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      ...{ from: { type: 'string' }, to: { type: 'string' }, parameters: { type: 'string' }, data: { type: 'string' } },
      ...{ regulations: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    },
    allowPositionals: true,
  })
  if (values.help === true) {
    console.log(HELP)
    return 0
  }
  const [from, to] = [day.safeParse(values.from), day.safeParse(values.to)]
  if (positionals.length !== 1 || positionals[0] !== 'replay' || !from.success || !to.success) {
    console.error(HELP)
    return 2
  }
  if (to.data < from.data) throw new Error('--to: must not lie before --from')
  const law = loadRegulations(values.regulations ?? REGULATIONS)
  if (law.problems.length > 0) {
    for (const { file, line, column, message } of law.problems) console.error(`${file}:${line}:${column}: ${message}`)
    return 1
  }
  const parameters = values.parameters === undefined ? {} : readParameters(values.parameters)
  const problems = problemsOfParameters(law.rules, parameters)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const directory = values.data ?? env.PANTAU_DATA ?? './data'
  if (!existsSync(join(directory, 'records.db'))) throw new Error(`${directory} holds no records of a collector`)
  const records = await openRecords({ directory })
  try {
    console.log('day,duty,subject,part,from,to,value')
    const span = { from: from.data, to: to.data, timeZone: 'Asia/Jakarta' }
    for await (const one of replay({ records, regulations: law.packs, rules: law.rules, parameters, ...span })) {
      const cells = [one.day, one.ruleId, one.subjectName, one.part, one.from ?? '', one.to, one.value ?? '']
      process.stdout.write(csvLine(cells))
    }
    return 0
  } finally {
    await records.destroy()
  }
}

function readParameters(file: string): ReplayParameters {
  const { content, problems, placed } = readYaml(readFileSync(file, 'utf8'), file)
  const parsed = z.record(z.string(), z.record(z.string(), parameterValue)).safeParse(content)
  const found = parsed.success ? problems : [...problems, ...placed(parsed.error, 'parameters')]
  if (found.length > 0 || !parsed.success) {
    throw new Error(found.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'))
  }
  return parsed.data
}
