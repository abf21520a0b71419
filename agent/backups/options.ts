import { parseArgs } from 'node:util'
import { isDatasetId, isJobName } from '../sources/backups/job-id.ts'
import { JOB_FILE } from '../sources/backups/place.ts'
import type { Environment } from '../uplink/proxy.ts'

/** What a person typed wrong; the message names the option. */
export class UsageError extends Error {}

export type Options = {
  data: string
  file: string
  dataset: string | undefined
  job: string | undefined
  sizeOf: string | undefined
  scratch: string | undefined
  isAll: boolean
  pid: number | undefined
  id: string | undefined
  exit: number | undefined
  bytes: number | undefined
  /** What stands behind "--". */
  command: string[]
  wantsHelp: boolean
}

/** Throws UsageError. */
export function parseOptions(argv: readonly string[], env: Environment): Options {
  const at = argv.indexOf('--')
  const { values } = read(at < 0 ? argv : argv.slice(0, at))
  const { dataset, job } = values
  if (dataset !== undefined && !isDatasetId(dataset))
    throw new UsageError("--dataset: must be the id of a data set, from the data set's page")
  if (job !== undefined && !isJobName(job))
    throw new UsageError('--job: must be of a-z, 0-9, ".", "_" and "-", and begin with a letter or digit')
  return {
    data: values.data ?? (env.PANTAU_AGENT_DATA || './data/agent'),
    file: values.backups ?? (env.PANTAU_BACKUPS || JOB_FILE),
    dataset: dataset?.toLowerCase(),
    job,
    sizeOf: values['size-of'],
    scratch: values.scratch,
    isAll: values.all === true,
    pid: numberOf(values.pid, '--pid'),
    id: values.id,
    exit: numberOf(values.exit, '--exit'),
    bytes: numberOf(values.bytes, '--bytes'),
    command: at < 0 ? [] : argv.slice(at + 1),
    wantsHelp: values.help === true,
  }
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ data: text, backups: text, dataset: text, job: text, 'size-of': text, scratch: text },
        ...{ pid: text, id: text, exit: text, bytes: text },
        all: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${name}: must be a whole number`)
  return Number(text)
}

export function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new UsageError(`${name}: is missing`)
  return value
}
