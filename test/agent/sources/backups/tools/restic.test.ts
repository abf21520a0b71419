// The real restic on repositories to which everything was done that happens to repositories.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { untilTrue } from '../../../../support/collector.ts'
import { mountSmallDisk } from '../../../../support/small-disk.ts'
import { type BackupCase, holdCase, PASSWORD } from './backup-case.ts'
import {
  changedCopy,
  cutInHalf,
  flipBytes,
  largestFile,
  noise,
  overwriteAll,
  removeFile,
  standIn,
} from './changed-copy.ts'
import { programCases } from './program-cases.ts'

const disk = mountSmallDisk(64)
const tiny = mountSmallDisk(1)
const at = (name: string): string => join(disk.directory, name)
// Room for the folder and a few small files, not for what comes back.
writeFileSync(join(tiny.directory, 'penuh'), noise(960 * 1024, 0))
const FILES = 24
const FILE_BYTES = 4_000

function restic(...args: string[]): string {
  const env = { ...process.env, RESTIC_REPOSITORY: at('repo'), RESTIC_PASSWORD: PASSWORD }
  return execFileSync('restic', ['--no-cache', '--json', ...args], { env, encoding: 'utf8', stdio: 'pipe' })
}

mkdirSync(at('warga'))
mkdirSync(at('kosong'))
for (let i = 0; i < FILES; i += 1) writeFileSync(at(`warga/berkas [${i}]*.txt`), noise(FILE_BYTES, i))
writeFileSync(at('warga/kecil.txt'), noise(FILES * 100, 99))
writeFileSync(at('password'), `${PASSWORD}\n`)
writeFileSync(at('lain'), 'bukan-ini-juga\n')
writeFileSync(at('rusak.env'), 'ini bukan baris\n')
restic('init')
const empty = changedCopy(at('repo'), at('empty'), () => {})
restic('backup', at('warga'), '--host=simduk', '--tag=malam', '--time=2026-11-20 22:00:00')
restic('backup', at('warga/kecil.txt'), '--host=arsip', '--time=2026-11-21 22:00:00')
restic('backup', at('kosong'), '--host=kosong')
restic('backup', at('warga'), '--host=esok', '--time=2099-01-01 00:00:00')

const changed = (name: string, change: (copy: string) => void): string => changedCopy(at('repo'), at(name), change)
const flipped = changed('flipped', copy => flipBytes(largestFile(join(copy, 'data'))))
const locked = changed('locked', () => {})
const running = spawn('restic', ['backup', '--no-cache', '--stdin', '--quiet', `--repo=${locked}`], {
  env: { ...process.env, RESTIC_PASSWORD: PASSWORD },
  stdio: ['pipe', 'ignore', 'ignore'],
})
await untilTrue('a backup holds the repository', 60_000, () => readdirSync(join(locked, 'locks')).length > 0)

afterAll(() => {
  running.kill()
  disk.remove()
  tiny.remove()
})

const job = (repository: string, more: object = {}) => ({
  ...{ repository, passwordFile: at('password'), hosts: ['simduk'] },
  ...more,
})
const all = FILES * FILE_BYTES + FILES * 100
const good = { trouble: null, bytes: all, takenAt: Date.UTC(2026, 10, 20, 22) }
const asNobody = standIn(at('as-nobody'), 'exec setpriv --reuid=65534 --regid=65534 --clear-groups restic "$@"')

const CASES: readonly BackupCase[] = [
  ...programCases(disk.directory, more => job(at('repo'), more)),
  {
    what: 'a copy shrunk to a part of the one before, and others beside',
    action: 'look',
    job: job(at('repo'), { hosts: ['simduk', 'arsip'] }),
    trouble: null,
    copies: [{ bytes: FILES * 100 }, good],
  },
  {
    what: 'a snapshot with nothing inside',
    action: 'look',
    job: job(at('repo'), { hosts: ['kosong'] }),
    trouble: null,
    copies: [{ trouble: 'empty', bytes: 0 }],
  },
  {
    what: 'a snapshot of a machine whose clock is ahead',
    action: 'look',
    job: job(at('repo'), { hosts: ['esok'] }),
    trouble: null,
    copies: [{ trouble: 'clock-ahead' }],
  },
  {
    what: 'no snapshot with that tag',
    action: 'look',
    job: job(at('repo'), { tags: ['siang'] }),
    trouble: 'nothing-there',
    says: /tags/,
  },
  {
    what: 'a repository without a snapshot',
    action: 'look',
    job: job(empty, { hosts: [] }),
    trouble: 'nothing-there',
    says: /no snapshot/,
  },
  {
    what: 'a wrong password',
    action: 'look',
    job: job(at('repo'), { passwordFile: at('lain') }),
    trouble: 'wrong-password',
    says: /wrong password/,
  },
  {
    what: 'a password file that is gone',
    action: 'look',
    job: job(at('repo'), { passwordFile: at('tiada') }),
    trouble: 'configuration-wrong',
    says: /tiada/,
  },
  {
    what: 'a broken environment file',
    action: 'look',
    job: job(at('repo'), { environmentFile: at('rusak.env') }),
    trouble: 'configuration-wrong',
    says: /line 1/,
  },
  { what: 'a repository that is gone', action: 'look', job: job(at('tiada')), trouble: 'repository-missing' },
  { what: 'a folder that is no repository', action: 'look', job: job(at('kosong')), trouble: 'repository-missing' },
  {
    what: 'a repository that it may not read',
    action: 'look',
    job: job(at('repo'), { program: asNobody }),
    trouble: 'permission-denied',
    says: /permission denied/,
  },
  {
    what: 'a server that is not there',
    action: 'look',
    job: job(`rest:http://pantau:${PASSWORD}@127.0.0.1:1/`),
    withinMs: 3_000,
    trouble: 'unreachable',
    says: /refused/,
  },
  {
    what: 'snapshots that restic leaves out with an exit code of 0',
    action: 'look',
    job: job(changed('snapshots', copy => overwriteAll(join(copy, 'snapshots')))),
    trouble: 'damaged',
  },
  {
    what: 'an index that is no index any more',
    action: 'look',
    job: job(changed('index', copy => overwriteAll(join(copy, 'index')))),
    trouble: 'damaged',
  },
  {
    what: 'a config that is cut',
    action: 'look',
    job: job(changed('config', copy => cutInHalf(join(copy, 'config')))),
    trouble: 'damaged',
  },
  { what: 'a whole repository', action: 'verify', job: job(at('repo'), { readData: '100%' }), trouble: null },
  {
    what: 'a pack that is gone',
    action: 'verify',
    job: job(changed('gone', copy => removeFile(largestFile(join(copy, 'data'))))),
    trouble: 'damaged',
  },
  {
    what: 'a corrupted pack, whose data it reads',
    action: 'verify',
    job: job(flipped, { readData: '100%' }),
    trouble: 'damaged',
  },
  { what: 'a backup that is running', action: 'verify', job: job(locked), trouble: 'locked', says: /already locked/ },
  {
    what: 'a few files brought back',
    action: 'restore a sample',
    // The newest of these is from the future.
    job: job(at('repo'), { sampleFiles: 5, hosts: ['simduk', 'esok'] }),
    trouble: null,
    proof: { scope: 'sample', copyTakenAt: good.takenAt, files: 5, checksumsHeld: 5 },
  },
  {
    what: 'all files brought back',
    action: 'restore all',
    job: job(at('repo')),
    trouble: null,
    proof: { scope: 'all', files: FILES + 1, bytes: all, checksumsHeld: FILES + 1 },
  },
  {
    what: 'a pack cut in half',
    action: 'verify',
    job: job(changed('cut', copy => cutInHalf(largestFile(join(copy, 'data'))))),
    trouble: 'damaged',
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

describe('restic', () => {
  it.concurrent.each(CASES)('$action: $what', { timeout: 90_000 }, async one => {
    await holdCase('restic', one)
  })

  it('lists a repository with a corrupted pack well, its own check finds nothing, and the restore test does', {
    timeout: 90_000,
  }, async () => {
    const corrupted = job(flipped)
    await holdCase('restic', { what: 'listed', action: 'look', job: corrupted, trouble: null, copies: [good] })
    await holdCase('restic', { what: 'checked', action: 'verify', job: corrupted, trouble: null })
    const says = /ciphertext verification failed/
    await holdCase('restic', { what: 'restored', action: 'restore all', job: corrupted, trouble: 'damaged', says })
  })
})
