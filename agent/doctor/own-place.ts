// What can be wrong on the machine itself: the data directory, who the agent is, whether it runs, what waits.
import { constants } from 'node:fs'
import { access, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { DataDirectoryInUse, lockDataDirectory } from '../platform/data-lock.ts'
import { reasonOf } from '../platform/logger.ts'
import { type Identity, readIdentity } from '../uplink/identity.ts'
import { codeOf, type Finding, finding } from './finding.ts'

const MIB = 1_048_576
const LOW_SPACE_BYTES = 64 * MIB
const OLD_SPOOL_MS = 15 * 60_000

/** Whether the agent can write where it must. Tries it with a real file of one block. */
export async function checkDataDirectory(directory: string): Promise<Finding> {
  const problem = (en: string, id: string) => finding('problem', 'data', en, id)
  const probe = join(directory, `.doctor-${process.pid}`)
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    const handle = await open(probe, 'w', 0o600)
    try {
      await handle.writeFile(Buffer.alloc(4096, 1))
      await handle.sync()
    } finally {
      await handle.close()
      await rm(probe, { force: true })
    }
    const { bavail, bsize } = await statfs(directory)
    const freeMib = Math.round((bavail * bsize) / MIB)
    if (bavail * bsize < LOW_SPACE_BYTES) {
      return finding(
        ...(['warning', 'data'] as const),
        `${directory} has only ${freeMib} MB free: the spool will soon drop its oldest batches`,
        `${directory} hanya tersisa ${freeMib} MB: antrean akan segera membuang kiriman terlama`,
      )
    }
    return finding(
      'ok',
      'data',
      `${directory} can be written, ${freeMib} MB free`,
      `${directory} dapat ditulis, ${freeMib} MB kosong`,
    )
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        return problem(
          `${directory} does not exist: the agent never ran here, or --data is wrong`,
          `${directory} tidak ada: agen belum pernah berjalan di sini, atau --data salah`,
        )
      case 'ENOSPC':
      case 'EDQUOT':
        return problem(
          `the disk of ${directory} is full: make room`,
          `disk untuk ${directory} penuh: kosongkan sebagian`,
        )
      case 'EROFS':
        return problem(
          `${directory} lies on a filesystem that is read-only: the agent keeps one hour in memory, and a restart loses it; look for disk errors in dmesg`,
          `${directory} ada di sistem berkas yang hanya bisa dibaca: agen hanya menyimpan satu jam di memori, dan hilang bila dimulai ulang; periksa galat disk di dmesg`,
        )
      case 'EACCES':
      case 'EPERM':
        return problem(
          `this user may not write ${directory}: run as the agent's user, or chown -R pantau ${directory}`,
          `pengguna ini tidak boleh menulis ${directory}: jalankan sebagai pengguna agen, atau chown -R pantau ${directory}`,
        )
      default:
        return problem(
          `${directory} can't be used: ${reasonOf(error)}`,
          `${directory} tidak dapat dipakai: ${reasonOf(error)}`,
        )
    }
  }
}

export async function checkIdentity(directory: string): Promise<{ found: Finding; identity: Identity | undefined }> {
  try {
    const identity = await readIdentity(directory)
    if (identity !== undefined) {
      const found = finding(
        'ok',
        'identity',
        `enrolled as agent ${identity.agentId}`,
        `terdaftar sebagai agen ${identity.agentId}`,
      )
      return { found, identity }
    }
    const found = finding(
      'problem',
      'identity',
      'not enrolled: an enrolment token is needed, make one on the settings page',
      'belum terdaftar: perlu token pendaftaran, buat di halaman pengaturan',
    )
    return { found, identity: undefined }
  } catch (error) {
    const [en, id] =
      codeOf(error) === 'EACCES'
        ? [
            "identity.json belongs to another user: run as the agent's user or as root",
            'identity.json milik pengguna lain: jalankan sebagai pengguna agen atau root',
          ]
        : [reasonOf(error), `identity.json rusak: pulihkan, atau hapus lalu daftarkan lagi dengan token baru`]
    return { found: finding('problem', 'identity', en, id), identity: undefined }
  }
}

/** An agent holds its data directory while it runs. */
export async function checkRunning(directory: string): Promise<Finding> {
  try {
    const lock = await lockDataDirectory(directory)
    await lock.release()
    return finding(
      'warning',
      'process',
      'no agent runs in this data directory',
      'tidak ada agen yang berjalan di direktori data ini',
    )
  } catch (error) {
    if (error instanceof DataDirectoryInUse) {
      return finding('ok', 'process', `an agent runs, process ${error.pid}`, `agen berjalan, proses ${error.pid}`)
    }
    return finding(
      'warning',
      'process',
      `can't tell whether an agent runs: ${reasonOf(error)}`,
      `tidak dapat memastikan apakah agen berjalan: ${reasonOf(error)}`,
    )
  }
}

/** What waits on disk, and since when. `now` is UTC ms. */
export async function checkSpool(directory: string, now: number): Promise<Finding> {
  const spool = join(directory, 'spool')
  let bytes = 0
  let oldest = now
  try {
    for (const name of (await readdir(spool)).filter(name => name.endsWith('.segment'))) {
      const { size, birthtimeMs, mtimeMs } = await stat(join(spool, name))
      bytes += size
      if (size > 0) oldest = Math.min(oldest, birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs)
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return finding('ok', 'spool', 'nothing waits', 'tidak ada yang menunggu')
    return finding('problem', 'spool', `can't be read: ${reasonOf(error)}`, `tidak dapat dibaca: ${reasonOf(error)}`)
  }
  const size = `${(bytes / MIB).toFixed(1)} MB`
  const minutes = Math.round((now - oldest) / 60_000)
  if (now - oldest > OLD_SPOOL_MS) {
    return finding(
      'warning',
      'spool',
      `${size} wait, the oldest for ${minutes} minutes: the collector takes nothing, or slowly`,
      `${size} menunggu, yang terlama ${minutes} menit: kolektor tidak menerima, atau lambat`,
    )
  }
  return finding('ok', 'spool', `${size} on disk`, `${size} di disk`)
}
