import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Assignments } from '../../protocol/assignments.ts'
import { writeFileAtomically } from '../platform/atomic-file.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { parseAssignments } from './parse-assignments.ts'
import { exactly, isWhole } from './parse-snmp.ts'

/** Lists that this agent asks for; it is not given any other. */
export const KNOWN_LISTS = ['snmp', 'probes', 'upgrade'] as const
type KnownList = (typeof KNOWN_LISTS)[number]
type Lists = { [L in KnownList]: NonNullable<Assignments[L]> }
type Listen<L extends KnownList> = (items: Lists[L]) => void

export type AssignmentRegistry = {
  /** Of what is in force; the collector answers at once when it has another one. */
  revision(): number
  /** `listen` is called at once with the present list, and again with each that takes its place. */
  subscribe<L extends KnownList>(name: L, listen: Listen<L>): void
  /** Lists that are left out stay as they are. Kept on disk first; on a full disk they are in force all the same. */
  take(revision: number, lists: Assignments): Promise<void>
}

const FILE = 'assignments.json'

/**
 * What this agent watches for its collector. It is kept in the data directory (0600: there are credentials in it), so that
 * watching goes on from the start also while the collector is away.
 */
export async function openAssignments(deps: { directory: string; log: Log }): Promise<AssignmentRegistry> {
  const path = join(deps.directory, FILE)
  const kept = await readKept(path, deps.log)
  let revision = kept?.revision ?? 0
  const lists: Lists = { snmp: kept?.lists.snmp ?? [], probes: kept?.lists.probes ?? [], upgrade: [] }
  const listeners: { [L in KnownList]: Listen<L>[] } = { snmp: [], probes: [], upgrade: [] }

  const tell = <L extends KnownList>(name: L): void => {
    for (const listen of listeners[name]) listen(lists[name])
  }

  return {
    revision: () => revision,
    subscribe(name, listen) {
      listeners[name].push(listen)
      listen(lists[name])
    },
    async take(newRevision, given) {
      if (newRevision === revision && Object.keys(given).length === 0) return
      Object.assign(lists, given)
      revision = newRevision
      // News of an upgrade is not kept: an agent that went back to its former bundle would not know that list.
      const { upgrade: _, ...toKeep } = lists
      const text = JSON.stringify({ revision, lists: toKeep })
      await writeFileAtomically(path, text).catch(error =>
        deps.log.error({ reason: reasonOf(error) }, 'assignments could not be kept, a restart needs the collector'),
      )
      for (const name of KNOWN_LISTS) {
        if (given[name] !== undefined) tell(name)
      }
    },
  }
}

/** What is no assignment any more (an older or damaged file) is asked for again. */
async function readKept(path: string, log: Log): Promise<{ revision: number; lists: Assignments } | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    const fields = exactly(JSON.parse(text), ['revision', 'lists'])
    const lists = parseAssignments(fields?.lists)
    if (isWhole(fields?.revision, [0, Number.MAX_SAFE_INTEGER]) && lists !== undefined) {
      return { revision: fields.revision, lists }
    }
  } catch {
    // Said below.
  }
  log.warn({ file: FILE }, 'kept assignments can not be read, asking the collector for them again')
  return undefined
}
