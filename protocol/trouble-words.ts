// What went wrong with a backup, in words: the agent's command and the collector's pages say the same.
import type { BackupTrouble } from './backup-words.ts'
import type { Bilingual } from './vocabulary.ts'

export const TROUBLE_WORDS: Readonly<Record<BackupTrouble, Bilingual>> = {
  'configuration-wrong': {
    id: 'pengaturan pekerjaan di agen salah',
    en: "the job's lines in the agent's file are wrong",
  },
  'tool-missing': { id: 'program pencadangan tidak terpasang', en: 'the backup program is not installed' },
  unreachable: { id: 'tempat salinan tidak terjangkau', en: 'the place of the copies does not answer' },
  'repository-missing': { id: 'repositori tidak ada lagi', en: 'the repository is not there' },
  'wrong-password': { id: 'kata sandi repositori salah', en: 'the password of the repository is wrong' },
  'permission-denied': { id: 'tidak diizinkan membaca', en: 'reading is not permitted' },
  locked: { id: 'repositori terkunci', en: 'the repository is locked' },
  timeout: { id: 'tidak menjawab tepat waktu', en: 'it did not answer in time' },
  'answer-unreadable': { id: 'jawabannya tidak terbaca', en: 'its answer can not be read' },
  'nothing-there': { id: 'tidak ada satu salinan pun', en: 'there is not one copy' },
  empty: { id: 'salinannya kosong', en: 'the copy is empty' },
  truncated: { id: 'salinannya terpotong', en: 'the copy is cut short' },
  'header-wrong': { id: 'awal berkasnya bukan cadangan', en: 'the file does not begin as a backup does' },
  'checksum-wrong': { id: 'checksum tidak cocok', en: 'the checksum does not match' },
  damaged: { id: 'salinannya rusak', en: 'the copy is damaged' },
  incomplete: { id: 'salinannya tidak lengkap', en: 'the copy is not complete' },
  'clock-ahead': { id: 'waktunya di masa depan', en: 'its time lies in the future' },
  'command-failed': { id: 'perintahnya gagal', en: 'the command failed' },
  'disk-full': { id: 'penyimpanan penuh', en: 'the disk is full' },
  'never-ended': { id: 'tidak pernah selesai', en: 'it never ended' },
  'content-wrong': { id: 'isi yang dipulihkan salah', en: 'what was restored is not what it should be' },
}
