// The real Borg on repositories to which everything was done that happens to repositories.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { untilTrue } from '../../../../support/collector.ts'
import { mountSmallDisk } from '../../../../support/small-disk.ts'
import { type BackupCase, holdCase, PASSWORD } from './backup-case.ts'
import { changedCopy, cutInHalf, flipBytes, largestFile, noise, overwriteAll, standIn } from './changed-copy.ts'
import { programCases } from './program-cases.ts'

// Borg writes nothing where it sees less than half a gigabyte free; little of it is used.
const disk = mountSmallDisk(1_024)
const tiny = mountSmallDisk(1)
const at = (name: string): string => join(disk.directory, name)
// Room for the folder and a few small files, not for what comes back.
writeFileSync(join(tiny.directory, 'penuh'), noise(960 * 1024, 0))
const FILES = 24
const FILE_BYTES = 4_000
const ALL_BYTES = FILES * FILE_BYTES + 2_400

const environment = (base: string) => ({
  ...process.env,
  BORG_PASSPHRASE: PASSWORD,
  BORG_BASE_DIR: base,
  BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
})
function borg(...args: string[]): void {
  execFileSync('borg', args, { env: environment(at('own')), cwd: disk.directory, stdio: 'pipe' })
}

mkdirSync(at('warga'))
mkdirSync(at('kosong'))
for (let i = 0; i < FILES; i += 1) writeFileSync(at(`warga/berkas [${i}]*.txt`), noise(FILE_BYTES, i))
writeFileSync(at('warga/kecil.txt'), noise(2_400, 99))
writeFileSync(at('password'), `${PASSWORD}\n`)
writeFileSync(at('lain'), 'bukan-ini-juga\n')
borg('init', '--encryption=repokey', 'repo')
const empty = changedCopy(at('repo'), at('empty'), () => {})
borg('create', '--timestamp=2026-11-20T22:00:00', 'repo::warga-1', 'warga')
borg('create', '--timestamp=2026-11-21T22:00:00', 'repo::warga-2', 'warga/kecil.txt')
borg('create', 'repo::kosong-1', 'kosong')
borg('create', '--timestamp=2099-01-01T00:00:00', 'repo::esok-1', 'warga/kecil.txt')

const changed = (name: string, change: (copy: string) => void): string => changedCopy(at('repo'), at(name), change)
const flipped = changed('flipped', copy => flipBytes(largestFile(join(copy, 'data'))))

/** A run in the middle of its work, with what it needs to write a checkpoint. */
const interrupted = changed('interrupted', () => {})
const halfway = spawn('borg', ['create', '--checkpoint-interval=1', `${interrupted}::warga-3`, '-'], {
  env: environment(at('base-interrupted')),
  stdio: ['pipe', 'ignore', 'ignore'],
})
halfway.stdin.on('error', () => {})
const feeding = setInterval(() => halfway.stdin.write(noise(3_000_000, Math.random())), 200)
const locked = changed('locked', () => {})
const holder = spawn('borg', ['with-lock', locked, 'sleep', '600'], {
  ...{ env: environment(at('base-holder')), stdio: 'ignore', detached: true },
})
await untilTrue('the repository is locked', 60_000, () => existsSync(join(locked, 'lock.exclusive')))
// Two segments more: a checkpoint is among them.
const segmentsBefore = readdirSync(join(interrupted, 'data/0')).length
await untilTrue(
  'a checkpoint is written',
  30_000,
  () => readdirSync(join(interrupted, 'data/0')).length > segmentsBefore + 2,
)
clearInterval(feeding)
halfway.kill('SIGKILL')
await untilTrue('the run has ended', 60_000, () => halfway.signalCode !== null)

afterAll(() => {
  // With what it started in turn.
  if (holder.pid !== undefined) process.kill(-holder.pid, 'SIGKILL')
  disk.remove()
  tiny.remove()
})

const job = (repository: string, more: object = {}) => ({
  ...{ repository, passwordFile: at('password'), archives: 'warga-1' },
  baseDirectory: `${repository}.base`,
  ...more,
})
writeFileSync(at('borg.env'), 'BORG_LOCK_WAIT=2\n')
const good = { id: 'warga-1', trouble: null, bytes: ALL_BYTES, takenAt: Date.UTC(2026, 10, 20, 22) }
const asNobody = standIn(
  at('as-nobody'),
  `export BORG_BASE_DIR=${at('base-nobody')}; exec setpriv --reuid=65534 --regid=65534 --clear-groups borg "$@"`,
)
mkdirSync(at('base-nobody'), { mode: 0o777 })

const CASES: readonly BackupCase[] = [
  ...programCases(disk.directory, more => job(at('repo'), more)),
  {
    what: 'a copy shrunk to a part of the one before',
    action: 'look',
    job: job(at('repo'), { archives: 'warga-*' }),
    trouble: null,
    copies: [{ id: 'warga-2', bytes: 2_400 }, good],
  },
  {
    what: 'an archive with nothing inside, and one of a clock that is ahead',
    action: 'look',
    job: job(at('repo'), { archives: '*o*-1' }),
    trouble: null,
    copies: [
      { id: 'esok-1', trouble: 'clock-ahead' },
      { id: 'kosong-1', bytes: 0, trouble: 'empty' },
    ],
  },
  {
    what: 'a run that was killed in the middle',
    action: 'look',
    job: job(interrupted, { archives: 'warga-3*' }),
    trouble: null,
    copies: [{ id: 'warga-3.checkpoint', trouble: 'incomplete' }],
  },
  {
    what: 'no archive of that name',
    action: 'look',
    job: job(at('repo'), { archives: 'gaji-*' }),
    trouble: 'nothing-there',
    says: /name/,
  },
  {
    what: 'a repository without an archive',
    action: 'look',
    job: job(empty, { archives: undefined }),
    trouble: 'nothing-there',
    says: /no archive/,
  },
  {
    what: 'a wrong passphrase',
    action: 'look',
    job: job(at('repo'), { passwordFile: at('lain') }),
    trouble: 'wrong-password',
    says: /incorrect/,
  },
  {
    what: 'a password file that is gone',
    action: 'look',
    job: job(at('repo'), { passwordFile: at('tiada') }),
    trouble: 'configuration-wrong',
    says: /tiada/,
  },
  {
    what: 'a repository that is gone',
    action: 'look',
    job: job(at('tiada')),
    trouble: 'repository-missing',
    says: /does not exist/,
  },
  {
    what: 'a folder that is no repository',
    action: 'look',
    job: job(at('kosong')),
    trouble: 'repository-missing',
    says: /not a valid repository/,
  },
  {
    what: 'a repository that it may not write into',
    action: 'look',
    job: job(at('repo'), { program: asNobody }),
    trouble: 'permission-denied',
    says: /Permission denied/,
  },
  {
    what: 'a server that is not there',
    action: 'look',
    job: job('ssh://pantau@127.0.0.1:1/repo', { baseDirectory: at('base-ssh') }),
    trouble: 'unreachable',
  },
  {
    what: 'a repository that another one holds',
    action: 'look',
    job: job(locked, { environmentFile: at('borg.env') }),
    trouble: 'locked',
    says: /lock/,
  },
  {
    what: 'a config that is cut',
    action: 'look',
    job: job(changed('config', copy => cutInHalf(join(copy, 'config')))),
    trouble: 'damaged',
  },
  {
    what: 'segments that are none any more',
    action: 'look',
    job: job(changed('segments', copy => overwriteAll(join(copy, 'data/0')))),
    trouble: 'damaged',
  },
  { what: 'a whole repository', action: 'verify', job: job(at('repo')), trouble: null },
  {
    what: 'a segment cut in half',
    action: 'verify',
    job: job(changed('cut', copy => cutInHalf(largestFile(join(copy, 'data'))))),
    trouble: 'damaged',
  },
  {
    what: 'a few files brought back',
    action: 'restore a sample',
    // The newest of these is from the future.
    job: job(at('repo'), { sampleFiles: 5, archives: '[we]*-1' }),
    trouble: null,
    proof: { scope: 'sample', copyId: 'warga-1', files: 5, checksumsHeld: 5 },
  },
  {
    what: 'all files brought back',
    action: 'restore all',
    job: job(at('repo')),
    trouble: null,
    proof: { scope: 'all', files: FILES + 1, bytes: ALL_BYTES, checksumsHeld: FILES + 1 },
  },
  {
    what: 'only checkpoints',
    action: 'restore a sample',
    job: job(interrupted, { archives: 'warga-3*' }),
    trouble: 'incomplete',
  },
  {
    what: 'a scratch place that is full',
    action: 'restore all',
    job: job(at('repo')),
    scratch: tiny.directory,
    trouble: 'disk-full',
    says: /a restore needs/,
  },
]

describe('Borg', () => {
  it.concurrent.each(CASES)('$action: $what', { timeout: 90_000 }, async one => {
    await holdCase('borg', one)
  })

  it('lists a repository with a corrupted segment well, and the restore test finds it', {
    timeout: 90_000,
  }, async () => {
    const corrupted = job(flipped)
    const noted = { ...corrupted, archives: 'warga-*' }
    await holdCase('borg', {
      what: 'listed',
      action: 'look',
      job: noted,
      trouble: null,
      copies: [{ id: 'warga-2' }, good],
    })
    const says = /checksum mismatch|integrity/i
    await holdCase('borg', { what: 'restored', action: 'restore all', job: corrupted, trouble: 'damaged', says })
  })
})
