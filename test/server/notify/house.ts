// A house with a real database, a vault, a clock that the story may push, and incidents written as the incidents room
// writes them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach } from 'vitest'
import { PERMISSIONS, type Permission, type Severity } from '../../../protocol/vocabulary.ts'
import type { Actor } from '../../../server/access/actor.ts'
import { readSummary } from '../../../server/incidents/incident-queries.ts'
import { CHANNELS, type ChannelRegistry } from '../../../server/notify/channels/registry.ts'
import { createNotifier } from '../../../server/notify/notifier.ts'
import { newId } from '../../../server/platform/ids.ts'
import { createLogger } from '../../../server/platform/logs.ts'
import { createChangeFeed } from '../../../server/stores/change-feed.ts'
import { openRecords } from '../../../server/stores/records/records.ts'
import { openVault } from '../../../server/stores/vault.ts'

export const ADMIN: Actor = { kind: 'user', id: newId(Date.now()), permissions: PERMISSIONS }
export const operator = (permissions: readonly Permission[]): Actor => ({ kind: 'user', id: newId(0), permissions })

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
export function atEnd(close: () => Promise<void> | void): void {
  closing.push(close)
}

export type House = Awaited<ReturnType<typeof openHouse>>

export async function openHouse() {
  const directory = mkdtempSync(join(tmpdir(), 'pantau-notify-'))
  atEnd(() => rmSync(directory, { recursive: true, force: true }))
  const records = await openRecords({ directory })
  atEnd(() => records.destroy())
  const vault = openVault({ directory })
  const changes = createChangeFeed()
  const clock = { aheadMs: 0 }
  const now = () => Date.now() + clock.aheadMs
  const logLines: { level: number; msg: string; [field: string]: unknown }[] = []
  const log = createLogger({
    level: 'debug',
    destination: new Writable({
      write(chunk, _encoding, done) {
        logLines.push(JSON.parse(String(chunk)))
        done()
      },
    }),
  })
  const context = { place: 'Kota Depok', publicUrl: 'https://pantau.depok.go.id', timeZone: 'Asia/Jakarta' }
  const notifiers: ReturnType<typeof createNotifier>[] = []
  const wake = () => {
    for (const notifier of notifiers) notifier.wake()
  }
  const verbDeps = { records, vault, changes, now, wake, ...context }
  const subject = { id: newId(now()), name: 'srv-01' }
  await records
    .insertInto('device')
    .values({
      id: subject.id,
      slug: 'srv-01',
      name: subject.name,
      kind: 'server',
      machine_id: null,
      created_at: now(),
      removed_at: null,
    })
    .execute()

  /** Starts a notifier on this database, as a collector that was just started would. */
  function startNotifier(options: { channels?: ChannelRegistry; sendDeadlineMs?: number } = {}) {
    const notifier = createNotifier({
      records,
      vault,
      changes,
      log,
      now,
      ...context,
      channels: options.channels ?? CHANNELS,
      ...(options.sendDeadlineMs === undefined ? {} : { sendDeadlineMs: options.sendDeadlineMs }),
    })
    notifiers.push(notifier)
    atEnd(() => notifier.stop())
    notifier.start()
    return notifier
  }

  let number = 0
  async function openIncident(options: { severity?: Severity; title?: string; part?: string; at?: number } = {}) {
    number += 1
    const at = options.at ?? now()
    const id = newId(at)
    const title = options.title ?? 'Disk hampir penuh'
    await records
      .insertInto('incident')
      .values({
        id,
        number,
        active_key: id,
        state: 'open',
        severity: options.severity ?? 'critical',
        kind: 'fault',
        rule_id: 'filesystem_fill',
        title: JSON.stringify({ id: title, en: title === 'Disk hampir penuh' ? 'Disk nearly full' : title }),
        subject_id: subject.id,
        part: options.part ?? 'mountpoint=/srv',
        opened_at: at,
        acknowledged_at: null,
        acknowledged_by: null,
        resolved_at: null,
        value: 0.97,
        threshold: 0.9,
        unit: 'ratio',
      })
      .execute()
    await tell(id, 'opened', at)
    return id
  }

  async function resolveIncident(id: string, at = now()) {
    await records
      .updateTable('incident')
      .set({ state: 'resolved', resolved_at: at, active_key: null, value: 0.41 })
      .where('id', '=', id)
      .execute()
    await tell(id, 'resolved', at)
  }

  async function tell(incidentId: string, event: 'opened' | 'resolved', at: number) {
    const incident = JSON.stringify(await readSummary(records, incidentId))
    await records
      .insertInto('outbox')
      .values({ id: newId(at), at, event, incident_id: incidentId, incident, routed_at: null })
      .execute()
    verbDeps.wake()
  }

  /** Pushes the clock and lets the notifiers look at it. */
  function push(byMs: number) {
    clock.aheadMs += byMs
    verbDeps.wake()
  }

  const deliveries = () => records.selectFrom('delivery').selectAll().orderBy('created_at').orderBy('event').execute()

  return {
    directory,
    records,
    vault,
    changes,
    now,
    log,
    logLines,
    subject,
    verbDeps,
    startNotifier,
    openIncident,
    resolveIncident,
    push,
    deliveries,
  }
}

/** Waits for what must come about; says what it saw last when it does not. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  holds: (seen: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const until = Date.now() + withinMs
  let seen = await look()
  while (!holds(seen)) {
    if (Date.now() > until)
      throw new Error(`did not come about within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`)
    await new Promise(resolve => setTimeout(resolve, 25))
    seen = await look()
  }
  return seen
}
