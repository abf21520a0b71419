import type { BackupTrouble } from '../../protocol/backup-words.ts'
import type { Bilingual } from '../../protocol/vocabulary.ts'

export const TROUBLE_WORDS: Readonly<Record<BackupTrouble, Bilingual>> = {
  'configuration-wrong': { en: "the job's lines are wrong", id: 'baris pekerjaan ini salah' },
  'tool-missing': { en: 'its program is not on this machine', id: 'programnya tidak ada di mesin ini' },
  unreachable: { en: "the place can't be reached", id: 'tempat salinan tidak terjangkau' },
  'repository-missing': { en: 'the place or repository is not there', id: 'tempat atau repositori tidak ada' },
  'wrong-password': { en: 'the password is wrong', id: 'kata sandi salah' },
  'permission-denied': { en: 'this user may not read it', id: 'pengguna ini tidak boleh membacanya' },
  locked: { en: 'it is locked by another run', id: 'terkunci oleh proses lain' },
  timeout: { en: 'it took too long', id: 'melewati batas waktu' },
  'answer-unreadable': { en: "the answer can't be understood", id: 'jawabannya tidak terbaca' },
  'nothing-there': { en: 'there is no copy', id: 'tidak ada salinan' },
  empty: { en: 'it is empty', id: 'kosong' },
  truncated: { en: 'it is cut off', id: 'terpotong' },
  'header-wrong': { en: 'it is not what it should be', id: 'bukan berkas yang seharusnya' },
  'checksum-wrong': { en: 'its checksum is wrong', id: 'checksum tidak cocok' },
  damaged: { en: 'it is damaged', id: 'rusak' },
  incomplete: { en: 'it is not whole (yet)', id: 'belum lengkap' },
  'clock-ahead': { en: 'it is from the future: a clock is wrong', id: 'bertanggal di masa depan: ada jam yang salah' },
  'command-failed': { en: 'the program failed', id: 'programnya gagal' },
  'disk-full': { en: 'the disk is full', id: 'disk penuh' },
  'never-ended': { en: 'it never said how it ended', id: 'tidak pernah melaporkan akhirnya' },
  'content-wrong': { en: 'it comes back, but what is in it is wrong', id: 'dapat dipulihkan, tetapi isinya salah' },
}
