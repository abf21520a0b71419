// Against recorded answers: no Proxmox Backup Server was at hand.
import { describe, expect, it } from 'vitest'
import { holdCase, readyJob } from './backup-case.ts'
import {
  bs,
  change,
  expired,
  look,
  may,
  night,
  type ProxmoxCase,
  refuse,
  SNAPSHOTS,
  set,
  snapshot,
  verifyUpid,
} from './proxmox-place.ts'

const CASES: readonly ProxmoxCase[] = [
  {
    ...look,
    what: 'three nights of a group',
    job: bs(),
    trouble: null,
    copies: [{ bytes: 5_000, trouble: null }, {}, {}],
  },
  {
    ...look,
    what: 'all groups, of which one is behind',
    with: set(SNAPSHOTS, [snapshot('100', 0, 5_000), snapshot('101', 3, 700)]),
    job: bs({ groups: [] }),
    trouble: null,
    copies: [{ bytes: 5_700, takenAt: night(3) * 1_000 }],
  },
  {
    ...look,
    what: 'a snapshot that was cut off',
    with: set(SNAPSHOTS, [snapshot('100', 0, undefined), snapshot('100', 1, 5_000)]),
    job: bs(),
    trouble: null,
    copies: [{ trouble: 'incomplete' }, { trouble: null }],
  },
  {
    ...look,
    what: 'a snapshot that verification found damaged',
    with: set(SNAPSHOTS, [
      snapshot('100', 0, 5_000, { verification: { state: 'failed', upid: verifyUpid(night(0)) } }),
    ]),
    job: bs(),
    trouble: null,
    copies: [{ trouble: 'damaged' }],
  },
  {
    ...look,
    what: 'an empty datastore',
    with: set(SNAPSHOTS, []),
    job: bs({ groups: [] }),
    trouble: 'nothing-there',
    says: /utama has no snapshot/,
  },
  {
    ...look,
    what: 'a group that was never backed up',
    job: bs({ groups: ['vm/100', 'host/simduk'] }),
    trouble: 'nothing-there',
    says: /host\/simduk/,
  },
  {
    ...look,
    what: 'a token that sees only its own',
    with: may('/datastore/utama', 'Datastore.Backup'),
    job: bs(),
    trouble: 'permission-denied',
    says: /Datastore\.Audit/,
  },
  {
    ...look,
    what: 'a datastore that is gone',
    with: refuse(SNAPSHOTS, 400, "no such datastore 'utama'"),
    job: bs(),
    trouble: 'repository-missing',
  },
  {
    ...look,
    what: 'a datastore in maintenance',
    with: refuse(SNAPSHOTS, 400, "datastore 'utama' is in maintenance mode: offline"),
    job: bs(),
    trouble: 'locked',
  },
  { ...look, what: 'a token of another server', job: bs({ tokenFile: expired }), trouble: 'wrong-password' },
]

describe('Proxmox Backup Server', () => {
  it.each(CASES)('$action: $what', async ({ with: to, ...one }) => {
    change(to)
    await holdCase('proxmox-backup-server', one)
  })

  it('tells when the whole was last found sound: as long ago as that of the group which waits longest', async () => {
    const sound = (at: number) => ({ verification: { state: 'ok', upid: verifyUpid(at) } })
    const both = [snapshot('100', 0, 1, sound(night(0) + 90)), snapshot('101', 0, 1, sound(night(0) + 30))]
    change(set(SNAPSHOTS, both))
    const ready = await readyJob('proxmox-backup-server', bs({ groups: ['vm/100', 'vm/101'] }))
    const notes = { get: () => undefined, set: () => {} }
    const found = await ready.look({ now: Date.now, signal: AbortSignal.timeout(10_000), notes })
    expect(found).toMatchObject({ trouble: null, verifiedAt: (night(0) + 30) * 1_000 })
  })
})
