// The state of every device and link that probes decide on, in memory: walls, rules and pages ask for it all the time. What
// was seen is kept by record-sightings.ts; here is only the newest of it.
import type { SubjectStanding } from '../../protocol/links.ts'
import { readEdges } from '../inventory/parent-queries.ts'
import { allProbes } from '../inventory/probe-queries.ts'
import { createTopology, rootCauses, type Topology } from '../inventory/topology.ts'
import type { Records } from '../stores/records/records.ts'
import { type Belonging, covers, type Maintenance, readMaintenance } from './maintenance-queries.ts'
import { windowsOf } from './maintenance-windows.ts'
import { quorumState, type RawState, type Vote } from './quorum.ts'
import type { Word } from './sightings.ts'

export type BoardSubject = {
  id: string
  slug: string
  name: string
  kind: string
  agencyId: string | null
  siteId: string | null
  /** What its site hangs on; null while nobody said so. */
  powerFeed: string | null
  providerId: string | null
  createdAt: number
  /** The device itself, or the one at an end of a link. */
  machineId: string
  /** Whose observers speak for it: its own, or those of a device at its end; null: nobody's. */
  watchedAs: string | null
}

export type ProbeVotes = { subjectId: string; observer: string; words: readonly Word[]; patienceMs: number }

export type StateBoard = {
  /** Devices, links and services, whether anything watches them or not. */
  subjects(): BoardSubject[]
  /** Whether there is such a device, link or service, as of the last refresh. */
  has(subjectId: string): boolean
  /** Null for a subject that no probe decides on. */
  standing(subjectId: string, at: number): SubjectStanding | null
  /** Whether every way to it is cut, be it probed or not. */
  isCutOff(subjectId: string, at: number): boolean
  inMaintenance(subjectId: string, at: number): boolean
  /** The topology as of the last refresh. */
  topology(): Topology
  /** Those that fail and that no parent explains. */
  roots(at: number): string[]
  /**
   * Whether what this probe says decides on the state of its subject. A ping that nobody wrote down decides from its first
   * answer on: a router may answer its poller and no ping.
   */
  decides(subjectId: string, probeName: string, words: readonly Pick<Word, 'vote'>[]): boolean
  /** Newer words of an observer; older ones change nothing here. */
  heard(votes: ProbeVotes): void
  /** Reads subjects, probes, parents and maintenance again after one of them changed. */
  refresh(): Promise<void>
}

type Newest = { vote: Vote; since: number; at: number; patienceMs: number }
type Raw = { state: RawState; since: number }
/** `cutting`: through whom nobody is reached, or was not until a moment ago. */
type Drawn = { at: number; raw: Map<string, Raw>; cutting: Set<string>; unreachable: Set<string>; roots: string[] }

/** Who hung on one that answers again is asked up to three seconds later, twice, and told after that. */
const RETURNING_MS = 10_000

export async function createStateBoard(deps: {
  records: Records
  timeZone: string
  now: () => number
}): Promise<StateBoard> {
  const { records, timeZone } = deps
  const newest = new Map<string, Map<string, Newest>>()
  let subjects = new Map<string, BoardSubject>()
  let deciding = new Map<string, Set<string>>()
  /** Pinged only because they are polled; and all that ever answered. */
  let implied = new Set<string>()
  const everUp = new Set<string>()
  let topology = createTopology([])
  let maintenance: Maintenance[] = []
  let active: { at: number; list: Maintenance[] } | null = null
  let drawn: Drawn | null = null
  const shown = new Map<string, { state: string; since: number }>()

  async function refresh(): Promise<void> {
    const at = deps.now()
    const probes = (await allProbes(records)).filter(({ decides }) => decides === 'state')
    deciding = new Map(
      [...Map.groupBy(probes, ({ subjectId }) => subjectId)].map(([id, own]) => [
        id,
        new Set(own.map(({ name }) => name)),
      ]),
    )
    implied = new Set(probes.filter(({ id, subjectId }) => id === subjectId).map(({ subjectId }) => subjectId))
    subjects = new Map((await readSubjects(records, deciding)).map(subject => [subject.id, subject]))
    topology = createTopology(
      (await readEdges(records, at)).filter(({ childId, parentId }) => subjects.has(childId) && subjects.has(parentId)),
    )
    maintenance = await readMaintenance(records, { from: at, to: Number.MAX_SAFE_INTEGER })
    active = null
    drawn = null
  }

  function rawOf(id: string, at: number): Raw | null {
    const names = deciding.get(id)
    const votes = { up: 0, down: 0 }
    const sinces = { up: [] as number[], down: [] as number[] }
    for (const [observer, { vote, since, at: toldAt, patienceMs }] of newest.get(id) ?? []) {
      if (at - toldAt > patienceMs || !names?.has(probeNameOf(observer))) continue
      votes[vote] += 1
      sinces[vote].push(since)
    }
    const state = quorumState(votes)
    if (state === null) return null
    return { state, since: Math.max(...(state === 'down' ? sinces.down : [...sinces.up, ...sinces.down])) }
  }

  /** All states of one moment; whoever asks for the same moment again gets the same. */
  function draw(at: number) {
    if (drawn?.at === at) return drawn
    const raw = new Map<string, Raw>()
    for (const { id, watchedAs } of subjects.values()) {
      const own = watchedAs === null ? null : rawOf(watchedAs, at)
      if (own !== null) raw.set(id, own)
    }
    const failing = new Set([...raw].filter(([, { state }]) => state === 'down').map(([id]) => id))
    const returning = [...raw].filter(([, { state, since }]) => state !== 'down' && at - since < RETURNING_MS)
    const cutting = new Set([...failing, ...returning.map(([id]) => id)])
    const { roots, unreachable } = rootCauses(cutting, topology)
    const fails = (id: string) => failing.has(id)
    drawn = { at, raw, cutting, unreachable: new Set(unreachable.filter(fails)), roots: roots.filter(fails) }
    return drawn
  }

  /** What is going on at a moment, worked out once for all subjects: weekly windows ask the calendar. */
  function activeAt(at: number): Maintenance[] {
    if (active?.at !== at) {
      const list = maintenance.filter(one => windowsOf(one, { from: at, to: at + 1 }, timeZone).length > 0)
      active = { at, list }
    }
    return active.list
  }

  function inMaintenance(id: string, at: number): boolean {
    const list = activeAt(at)
    const subject = list.length === 0 ? undefined : subjects.get(id)
    if (subject === undefined) return false
    const belonging = belongingOf(subject)
    return list.some(one => covers(one, belonging))
  }

  /** Since when a state has been shown; a subject that fell silent has been unknown since its evidence ran out. */
  function sinceOf(id: string, state: string, rawSince: number | null, at: number): number {
    const before = shown.get(id)
    if (before?.state === state) return before.since
    const since = rawSince ?? at
    shown.set(id, { state, since })
    return since
  }

  await refresh()
  await load(records, newest)
  const answered = await records
    .selectFrom('sighting')
    .select('subject_id')
    .where('vote', '=', 'up')
    .distinct()
    .execute()
  for (const row of answered) everUp.add(row.subject_id)
  return {
    subjects: () => [...subjects.values()],
    has: id => subjects.has(id),
    standing(id, at) {
      const watchedAs = subjects.get(id)?.watchedAs
      if (watchedAs === null || watchedAs === undefined) return null
      const { raw, unreachable } = draw(at)
      const own = raw.get(id)
      const state = own === undefined ? 'unknown' : unreachable.has(id) ? 'unreachable' : own.state
      return { state, since: sinceOf(id, state, own?.since ?? null, at), inMaintenance: inMaintenance(id, at) }
    },
    isCutOff(id, at) {
      const parents = topology.parentsOf(id)
      return parents.length > 0 && parents.every(parent => draw(at).cutting.has(parent))
    },
    inMaintenance,
    topology: () => topology,
    roots: at => draw(at).roots,
    decides: (id, name, words) =>
      deciding.get(id)?.has(name) === true &&
      (!implied.has(id) || everUp.has(id) || words.some(({ vote }) => vote === 'up')),
    heard({ subjectId, observer, words, patienceMs }) {
      const observers = newest.get(subjectId) ?? new Map<string, Newest>()
      newest.set(subjectId, observers)
      for (const { at, vote } of [...words].sort((left, right) => left.at - right.at)) {
        const known = observers.get(observer)
        if (vote === 'up') everUp.add(subjectId)
        if (known !== undefined && known.at >= at) continue
        const goesOn = known?.vote === vote && at - known.at <= patienceMs
        observers.set(observer, { vote, since: goesOn ? known.since : at, at, patienceMs })
      }
      drawn = null
    },
    refresh,
  }
}

export function belongingOf(subject: BoardSubject): Belonging {
  const { id, kind } = subject
  return {
    ...{ device: kind === 'link' ? null : id, link: kind === 'link' ? id : null },
    ...{ site: subject.siteId, agency: subject.agencyId, provider: subject.providerId },
  }
}

function probeNameOf(observer: string): string {
  return observer.slice(observer.indexOf('/') + 1)
}

async function readSubjects(records: Records, deciding: ReadonlyMap<string, unknown>): Promise<BoardSubject[]> {
  const rows = await records
    .selectFrom('subject')
    .leftJoin('link', 'link.id', 'subject.id')
    .leftJoin('site', 'site.id', 'subject.site_id')
    .selectAll('subject')
    .select(['link.provider_id', 'link.far_device_id', 'link.near_device_id', 'site.power_feed'])
    .where('subject.removed_at', 'is', null)
    .execute()
  return rows.map(row => ({
    ...{ id: row.id, slug: row.slug, name: row.name, kind: row.kind, createdAt: row.created_at },
    ...{ agencyId: row.agency_id, siteId: row.site_id, providerId: row.provider_id },
    ...{ powerFeed: row.power_feed || null, machineId: row.far_device_id ?? row.near_device_id ?? row.id },
    watchedAs: [row.id, row.far_device_id, row.near_device_id].find(id => id !== null && deciding.has(id)) ?? null,
  }))
}

/** The last word of each observer: a start goes on where the collector stopped. */
async function load(records: Records, newest: Map<string, Map<string, Newest>>): Promise<void> {
  const rows = await records
    .selectFrom('sighting')
    .selectAll()
    .where(eb =>
      eb('from_ms', '=', inner =>
        inner
          .selectFrom('sighting as last')
          .select(last => last.fn.max('last.from_ms').as('from_ms'))
          .whereRef('last.subject_id', '=', 'sighting.subject_id')
          .whereRef('last.observer', '=', 'sighting.observer'),
      ),
    )
    .execute()
  for (const row of rows) {
    const observers = newest.get(row.subject_id) ?? new Map<string, Newest>()
    newest.set(row.subject_id, observers)
    observers.set(row.observer, {
      ...{ vote: row.vote, since: row.from_ms, at: row.to_ms, patienceMs: row.patience_ms },
    })
  }
}
