import { SnmpError, type SnmpProblem } from '../problem.ts'
import { type PduLimit, readVariables } from '../read-variables.ts'
import type { SnmpSession } from '../session/session.ts'
import { isAbsent, type Oid, type SnmpValue, textOf } from '../value.ts'
import { indexOf, walk } from '../walk.ts'

/** Rows of one column by their index, in the order of the tree. */
export type Column = ReadonlyMap<string, SnmpValue>

/** Reads each thing of a device once, however many ask for it. */
export type DeviceReader = {
  value(oid: Oid): Promise<SnmpValue | undefined>
  text(oid: Oid): Promise<string | undefined>
  column(oid: Oid): Promise<Column>
  /** Reads scalars ahead, many in one question. Throws SnmpError. */
  prefetch(oids: readonly Oid[]): Promise<void>
  /** What was cut short, by column. */
  cuts(): ReadonlyMap<Oid, SnmpProblem>
}

const MOST_ROWS = 10_000
const REPETITIONS = 25

/** `untilMs` of the monotonic clock bounds the whole discovery. */
export function createDeviceReader(deps: {
  session: SnmpSession
  limit: PduLimit
  untilMs: number
  now: () => number
}): DeviceReader {
  const { session, untilMs, now } = deps
  const values = new Map<Oid, SnmpValue | undefined>()
  const columns = new Map<Oid, Promise<Column>>()
  const cuts = new Map<Oid, SnmpProblem>()
  let rowsLeft = MOST_ROWS

  const prefetch = async (oids: readonly Oid[]): Promise<void> => {
    const wanted = oids.filter(oid => !values.has(oid))
    if (wanted.length === 0) return
    const found = await readVariables(deps, wanted)
    for (const oid of wanted) values.set(oid, found.get(oid))
  }
  const value = async (oid: Oid): Promise<SnmpValue | undefined> => {
    await prefetch([oid])
    return values.get(oid)
  }
  const readColumn = async (oid: Oid): Promise<Column> => {
    const walked = await walk(session, oid, { rows: Math.max(rowsLeft, 1), untilMs, repetitions: REPETITIONS, now })
    rowsLeft -= walked.rows.length
    if (walked.cut !== undefined) {
      cuts.set(oid, walked.cut)
      if (walked.cut === 'timeout' || walked.cut === 'closed' || walked.cut === 'too-late')
        throw new SnmpError(walked.cut, 'the device fell silent while it was looked through')
    }
    return new Map(walked.rows.filter(row => !isAbsent(row.value)).map(row => [indexOf(row.oid, oid), row.value]))
  }

  return {
    value,
    prefetch,
    async text(oid) {
      const found = await value(oid)
      return found && textOf(found)
    },
    column(oid) {
      const known = columns.get(oid) ?? readColumn(oid)
      columns.set(oid, known)
      return known
    },
    cuts: () => cuts,
  }
}
