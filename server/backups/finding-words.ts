// What was found, in words that somebody who has to act understands. Pure.

import type { BackupFindingCode, BackupTrouble, CopyPlace } from '../../protocol/backup-words.ts'
import { TROUBLE_WORDS } from '../../protocol/trouble-words.ts'
import type { Bilingual } from '../../protocol/vocabulary.ts'
import { decimalComma } from '../platform/decimal-comma.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

export type FindingFacts = {
  job?: string
  place?: CopyPlace | null
  trouble?: BackupTrouble | null
  detail?: string
  /** How old, how long, how late. */
  ms?: number
  limitMs?: number
  ratio?: number
  count?: number
  limit?: number
}

export const PLACE_WORDS: Record<CopyPlace, Bilingual> = {
  agency: { id: 'OPD', en: 'the agency' },
  'data-centre': { id: 'pusat data', en: 'the data centre' },
  drc: { id: 'DRC', en: 'the recovery centre' },
  cloud: { id: 'awan', en: 'the cloud' },
}

const NO_WORDS: Bilingual = { id: 'tanpa keterangan', en: 'without a word why' }

export function wordsOfFinding(code: BackupFindingCode, facts: FindingFacts): Bilingual {
  const { job = '', ratio = 0, count = 0, limit = 0, ms = 0, limitMs = 0 } = facts
  const place = facts.place ? PLACE_WORDS[facts.place] : { id: 'tempat salinan', en: 'the place of the copies' }
  const why = facts.trouble ? TROUBLE_WORDS[facts.trouble] : NO_WORDS
  const old = spanWords(ms)
  const most = spanWords(limitMs)
  const said = facts.detail ? ` (${facts.detail})` : ''
  switch (code) {
    case 'no-job':
      return {
        id: 'Belum ada pekerjaan pencadangan yang diterima: tidak ada yang diketahui.',
        en: 'No backup job is accepted: nothing is known.',
      }
    case 'nothing-yet':
      return {
        id: 'Belum ada salinan baik yang terlihat; masih dalam batas waktu.',
        en: 'No good copy has been seen yet; the time for it is not over.',
      }
    case 'never-came':
      return {
        id: `Tidak ada satu salinan baik pun terlihat dalam ${old.id}, batas ${most.id}.`,
        en: `Not one good copy was seen in ${old.en}, limit ${most.en}.`,
      }
    case 'late':
      return {
        id: `Salinan baik terakhir berumur ${old.id}, batas ${most.id}.`,
        en: `The last good copy is ${old.en} old, limit ${most.en}.`,
      }
    case 'silent':
      return {
        id: `Pekerjaan ${job} tidak terdengar sejak ${old.id} lalu.`,
        en: `The job ${job} has not been heard of for ${old.en}.`,
      }
    case 'never-ended':
      return {
        id: `Pekerjaan ${job} mulai ${old.id} lalu dan belum selesai.`,
        en: `The job ${job} began ${old.en} ago and has not ended.`,
      }
    case 'failed':
      return {
        id: `Pencadangan terakhir ${job} gagal: ${why.id}${said}.`,
        en: `The last backup by ${job} failed: ${why.en}${said}.`,
      }
    case 'not-seen':
      return {
        id: `Salinan ${job} tidak dapat dilihat: ${why.id}${said}.`,
        en: `The copies of ${job} can not be looked at: ${why.en}${said}.`,
      }
    case 'gone':
      return {
        id: `Salinan ${job} tidak ada: ${why.id}${said}.`,
        en: `The copies of ${job} are not there: ${why.en}${said}.`,
      }
    case 'bad-copy':
      return {
        id: `Salinan terbaru ${job} tidak baik: ${why.id}${said}.`,
        en: `The newest copy of ${job} is not good: ${why.en}${said}.`,
      }
    case 'clock-ahead':
      return {
        id: `Salinan terbaru ${job} bertanggal di masa depan dan tidak dihitung; periksa jam mesinnya.`,
        en: `The newest copy of ${job} is dated in the future and does not count; look at the clock of its machine.`,
      }
    case 'shrunk':
      return {
        id: `Salinan terbaru ${job} menyusut menjadi ${percent(ratio).id} dari biasanya.`,
        en: `The newest copy of ${job} has shrunk to ${percent(ratio).en} of what is usual.`,
      }
    case 'grown':
      return {
        id: `Salinan terbaru ${job} membesar menjadi ${percent(ratio).id} dari biasanya.`,
        en: `The newest copy of ${job} has grown to ${percent(ratio).en} of what is usual.`,
      }
    case 'too-few-copies':
      return {
        id: `Tersimpan ${count} salinan, paling sedikit ${limit}.`,
        en: `${count} copies are kept, at least ${limit}.`,
      }
    case 'too-short-kept':
      return {
        id: `Salinan tertua berumur ${old.id}, paling sedikit ${most.id}.`,
        en: `The oldest copy is ${old.en} old, at least ${most.en}.`,
      }
    case 'place-missing':
      return {
        id: `Tidak ada salinan baik dan baru di ${place.id}.`,
        en: `There is no good and recent copy at ${place.en}.`,
      }
    case 'place-unknown':
      return {
        id: `Belum diketahui apakah ada salinan di ${place.id}.`,
        en: `Whether a copy is at ${place.en} is not known yet.`,
      }
    case 'never-restored':
      return {
        id: 'Belum pernah dipulihkan dengan bukti: salinan yang belum pernah dipulihkan belum menjadi cadangan.',
        en: 'Never restored with proof: a copy that nobody has restored is not yet a backup.',
      }
    case 'restore-overdue':
      return {
        id: `Uji pemulihan terlambat: terakhir ${old.id} lalu, batas ${most.id}.`,
        en: `The restore test is overdue: ${old.en} since the last one or since the job began, limit ${most.en}.`,
      }
    case 'restore-failed':
      return {
        id: `Uji pemulihan terakhir ${job} gagal: ${why.id}${said}.`,
        en: `The last restore test by ${job} failed: ${why.en}${said}.`,
      }
    case 'verify-failed':
      return {
        id: `Pemeriksaan terakhir ${job} gagal: ${why.id}${said}.`,
        en: `The last check by ${job} failed: ${why.en}${said}.`,
      }
  }
}

/** "3 hari", "26 jam": as precise as somebody needs who has to act. */
export function spanWords(ms: number): Bilingual {
  if (ms >= 3 * DAY_MS) return { id: `${Math.floor(ms / DAY_MS)} hari`, en: `${Math.floor(ms / DAY_MS)} days` }
  if (ms >= HOUR_MS) return { id: `${decimalComma(ms / HOUR_MS, 1)} jam`, en: `${(ms / HOUR_MS).toFixed(1)} h` }
  const minutes = Math.max(0, Math.round(ms / 60_000))
  return { id: `${minutes} menit`, en: `${minutes} min` }
}

function percent(ratio: number): Bilingual {
  const digits = ratio < 0.1 ? 1 : 0
  return { id: `${decimalComma(ratio * 100, digits)} %`, en: `${(ratio * 100).toFixed(digits)} %` }
}
