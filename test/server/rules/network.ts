// Links and routers of a story: a poller that tells of them, and what happens to them.
import type { WireSeries } from '../../../protocol/batch.ts'
import { createLink } from '../../../server/inventory/create-link.ts'
import { createProbe } from '../../../server/inventory/create-probe.ts'
import { DEFAULT_TIMING, pingOf } from '../../../server/inventory/ping-probe.ts'
import { setParents } from '../../../server/inventory/set-parents.ts'
import { newId } from '../../../server/platform/ids.ts'
import { ADMIN, type Machine, SECOND_MS, type Watch } from './watch.ts'

export type Network = Awaited<ReturnType<typeof openNetwork>>

/** One word of a probe, as the poller tells it. */
export function vote(subject: string, at: number, answered: boolean, probe = 'icmp'): WireSeries {
  return { kind: 'gauge', subject, metric: 'probe_up', labels: { probe }, points: [[at, answered ? 1 : 0]] }
}

export function boot(subject: string, at: number, bootedAt: number): WireSeries {
  return { kind: 'gauge', subject, metric: 'node_boot_time_seconds', points: [[at, bootedAt / 1000]] }
}

export async function openNetwork(watch: Watch) {
  const poller = await watch.enrol('noc-poller')
  await watch.records.updateTable('agent').set({ kind: 'noc' }).where('id', '=', poller.agentId).execute()
  /** What answers at present; what is not in it is not probed. */
  const answers = new Map<string, boolean>()
  const boots = new Map<string, number>()
  let pollerHasNetwork = true

  const network = {
    poller,
    answers,
    boots,

    async router(name: string, parents: string[] = []): Promise<string> {
      const id = newId(watch.clock.at)
      await watch.records
        .insertInto('device')
        .values({
          ...{ id, slug: name, name, kind: 'router', machine_id: null, created_at: watch.clock.at, removed_at: null },
        })
        .execute()
      await watch.roster.refresh(id)
      await createProbe.perform(watch.verbDeps, ADMIN, {
        ...{ subjectId: id, name: 'icmp', ...DEFAULT_TIMING, check: pingOf('192.0.2.1') },
      })
      return await network.watched(id, parents)
    },
    async link(name: string, more: Record<string, unknown> = {}): Promise<string> {
      const { id } = await createLink.perform(watch.verbDeps, ADMIN, { name, address: '192.0.2.2', ...more })
      return await network.watched(id, [])
    },
    async watched(id: string, parents: string[]): Promise<string> {
      if (parents.length > 0) await setParents.perform(watch.verbDeps, ADMIN, { id, parentIds: parents })
      await watch.board.refresh()
      answers.set(id, true)
      return id
    },

    /** The poller's regular words: its own figures, and of everything that it can see. */
    async tell(): Promise<void> {
      const at = watch.clock.at
      const seen = pollerHasNetwork ? [...answers] : []
      await watch.speak(poller, {
        at,
        more: [
          ...seen.map(([id, answered]) => vote(id, at, answered)),
          ...[...boots]
            .filter(([id]) => answers.get(id) === true && pollerHasNetwork)
            .map(([id, bootedAt]) => boot(id, at, bootedAt)),
        ],
      })
    },
    /**
     * States change, and so much later the retries have confirmed it: that word leaves at once, stamped with the moment of the
     * first question. While it is in doubt nothing is told.
     */
    async change(ids: string | readonly string[], answered: boolean, confirmedAfterMs = 3 * SECOND_MS): Promise<void> {
      const changed = typeof ids === 'string' ? [ids] : ids
      const since = watch.clock.at + SECOND_MS / 2
      await watch.pass(confirmedAfterMs)
      for (const id of changed) answers.set(id, answered)
      await watch.speak(poller, { at: watch.clock.at, more: changed.map(id => vote(id, since, answered)) })
    },
    pullPoller(): void {
      pollerHasNetwork = false
    },
    plugPoller(): void {
      pollerHasNetwork = true
    },
    state: (id: string) => watch.board.standing(id, watch.clock.at)?.state ?? null,
    pass: (durationMs: number) => watch.pass(durationMs, network.tell),
  }
  return network
}

export type { Machine }
