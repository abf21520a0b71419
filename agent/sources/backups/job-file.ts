// The file in which this machine's own administrator says what is backed up where. Read by the process of one look only:
// the library for YAML is larger than the agent.
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { BACKUP_LIMITS, BACKUP_TOOLS, type BackupToolName } from '../../../protocol/backup-words.ts'
import { choiceField, durationField, FieldError, type Fields, optionalPath, refuseOthers, textField } from './fields.ts'
import { isDatasetId, isJobName } from './job-id.ts'
import { type ReadyJob, TOOLS } from './registry.ts'

/** A check that is made rarely and may take hours. */
export type CheckPlan = {
  everyMs: number
  withinMs: number
  /** Minutes after local midnight between which it may begin; the second may be the smaller one. */
  between: [number, number] | undefined
}

export type RestorePlan = CheckPlan & {
  scope: 'sample' | 'all'
  /** Folder in which what is restored may lie for a while; undefined for one in the agent's data directory. */
  scratch: string | undefined
}

export type Job = {
  dataset: string
  name: string
  tool: BackupToolName
  /** How often it is looked at, and how long one look may take. */
  everyMs: number
  withinMs: number
  restoreTest: RestorePlan | undefined
  verify: CheckPlan | undefined
  ready: ReadyJob
}

/** A job that can't be done. Who it is about is told as far as it can be read. */
export type JobProblem = {
  line: number
  /** Plain words that begin with the line's key, where it is one line's fault. */
  words: string
  dataset: string | undefined
  name: string | undefined
  tool: BackupToolName | undefined
}

export type JobFile = { jobs: Job[]; problems: JobProblem[] }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const COMMON = ['dataset', 'name', 'tool', 'every', 'within', 'restoreTest', 'verify']
const MOST_JOBS = 500

/** What one wrong job costs is that job only; the others are given. Never throws for what stands in the text. */
export async function parseJobFile(text: string): Promise<JobFile> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true })
  const whole = (line: number, words: string): JobFile => ({ jobs: [], problems: [{ line, words, ...NOBODY }] })
  const errors = document.errors.map(({ pos, message }) => ({ at: pos[0], words: message.split('\n')[0] ?? message }))
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const { contents } = document
  if (!isMap(contents)) {
    const [first] = errors
    if (first !== undefined) return whole(lineAt(first.at), `is not YAML: ${first.words}`)
    return contents === null ? { jobs: [], problems: [] } : whole(1, 'must begin with "jobs:" and a list under it')
  }
  const other = contents.items.find(({ key }) => !(isScalar(key) && key.value === 'jobs'))
  if (other !== undefined)
    return whole(isScalar(other.key) ? lineAt(other.key.range?.[0] ?? 0) : 1, 'only "jobs:" may stand at the left edge')
  const list = contents.get('jobs', true)
  if (!isSeq(list)) return whole(1, 'jobs: must be a list, each job beginning with "- dataset:"')
  if (list.items.length > MOST_JOBS) return whole(1, `jobs: must not be more than ${MOST_JOBS}`)

  const file: JobFile = { jobs: [], problems: [] }
  const seen = new Set<string>()
  for (const item of list.items) {
    const range = (isMap(item) || isScalar(item) || isSeq(item) ? item.range : null) ?? [0, 0, 0]
    const [error] = take(errors, ({ at }) => at >= range[0] && at <= range[2])
    const fields: Fields = isMap(item) ? Object(item.toJS(document)) : {}
    const problem = (offset: number, words: string) =>
      file.problems.push({ line: lineAt(offset), words, ...whoIs(fields) })
    if (!isMap(item)) {
      problem(range[0], 'a job must have lines such as "dataset: ..." and "tool: ..."')
      continue
    }
    if (error !== undefined) {
      problem(error.at, `is not YAML: ${error.words}`)
      continue
    }
    try {
      const job = await readJob(fields)
      const id = `${job.dataset}/${job.name}`
      if (seen.has(id)) throw new FieldError('name', `${job.name} stands here twice for the same data set`)
      seen.add(id)
      file.jobs.push(job)
    } catch (thrown) {
      if (!(thrown instanceof FieldError)) throw thrown
      const [outer] = thrown.key.split('.')
      const pair = item.items.find(({ key }) => isScalar(key) && key.value === outer)
      problem(isScalar(pair?.key) ? (pair.key.range?.[0] ?? range[0]) : range[0], `${thrown.key}: ${thrown.message}`)
    }
  }
  for (const { at, words } of errors)
    file.problems.push({ line: lineAt(at), words: `is not YAML: ${words}`, ...NOBODY })
  return file
}

const NOBODY = { dataset: undefined, name: undefined, tool: undefined }

function take<T>(list: T[], matches: (one: T) => boolean): T[] {
  const taken = list.filter(matches)
  for (const one of taken) list.splice(list.indexOf(one), 1)
  return taken
}

function whoIs(fields: Fields): Omit<JobProblem, 'line' | 'words'> {
  const { dataset, name, tool } = fields
  return {
    dataset: typeof dataset === 'string' && isDatasetId(dataset) ? dataset.toLowerCase() : undefined,
    name: typeof name === 'string' && isJobName(name) ? name : undefined,
    tool: BACKUP_TOOLS.find(known => known === tool),
  }
}

async function readJob(fields: Fields): Promise<Job> {
  const dataset = textField(fields, 'dataset').toLowerCase()
  if (!isDatasetId(dataset)) throw new FieldError('dataset', "must be the id of a data set, from the data set's page")
  const name = textField(fields, 'name')
  if (!isJobName(name))
    throw new FieldError('name', `must be of a-z, 0-9, ".", "_" and "-", at most ${BACKUP_LIMITS.job} of them`)
  const looking = BACKUP_TOOLS.filter(known => TOOLS[known] !== undefined)
  const tool = choiceField(fields, 'tool', looking)
  const prepare = await TOOLS[tool]?.()
  if (prepare === undefined) throw new FieldError('tool', `must be one of ${looking.join(', ')}`)
  const own = Object.fromEntries(Object.entries(fields).filter(([key]) => !COMMON.includes(key)))
  const everyMs = durationField(fields, 'every', {
    otherwiseMs: 15 * MINUTE_MS,
    leastMs: 10_000,
    mostMs: 7 * DAY_MS,
  })
  const withinMs = durationField(fields, 'within', {
    otherwiseMs: 10 * MINUTE_MS,
    leastMs: 1_000,
    mostMs: DAY_MS,
  })
  const ready = prepare(own)
  const restoreTest =
    fields.restoreTest == null
      ? undefined
      : linesUnder(fields, 'restoreTest', [...CHECK_LINES, 'scope', 'scratch'], readRestorePlan)
  if (restoreTest !== undefined && ready.restore === undefined)
    throw new FieldError('restoreTest', `nothing can be restored by the tool ${tool}`)
  const verify = fields.verify == null ? undefined : linesUnder(fields, 'verify', CHECK_LINES, readCheckPlan)
  if (verify !== undefined && ready.verify === undefined)
    throw new FieldError('verify', `the tool ${tool} has no check of its own`)
  return { dataset, name, tool, everyMs, withinMs, restoreTest, verify, ready }
}

const CHECK_LINES = ['every', 'within', 'between']

function readCheckPlan(fields: Fields): CheckPlan {
  return {
    everyMs: durationField(fields, 'every', { leastMs: HOUR_MS, mostMs: 400 * DAY_MS }),
    withinMs: durationField(fields, 'within', { otherwiseMs: 6 * HOUR_MS, leastMs: 1_000, mostMs: 7 * DAY_MS }),
    between: readBetween(fields.between),
  }
}

function readRestorePlan(fields: Fields): RestorePlan {
  return {
    ...readCheckPlan(fields),
    scope: choiceField(fields, 'scope', ['sample', 'all'], 'sample'),
    scratch: optionalPath(fields, 'scratch'),
  }
}

/** Lines that stand under another; what is wrong with one of them is told as "outer.inner". */
function linesUnder<T>(fields: Fields, key: string, known: string[], read: (inner: Fields) => T): T {
  const inner = fields[key]
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner))
    throw new FieldError(key, `must have lines of its own: ${known.join(', ')}`)
  try {
    refuseOthers({ ...inner }, known)
    return read({ ...inner })
  } catch (error) {
    throw error instanceof FieldError ? new FieldError(`${key}.${error.key}`, error.message) : error
  }
}

/** "22:00-05:00" by the machine's own clock. */
function readBetween(value: unknown): [number, number] | undefined {
  if (value === undefined || value === null) return undefined
  const found = /^([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)$/.exec(String(value).trim())
  const [fromHour, fromMinute, toHour, toMinute] = (found ?? []).slice(1).map(Number)
  if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined)
    throw new FieldError('between', 'must be two times such as "22:00-05:00"')
  return [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
}
