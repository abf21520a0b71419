// What `pantau backup-self` and `pantau restore-self` say, in both languages.
import type { Bilingual, Language } from '../../protocol/vocabulary.ts'
import type { CopyStep } from '../own-copies/make-copy.ts'
import type { RestoreStep } from '../own-copies/restore.ts'

export const BACKUP_HELP: Bilingual = {
  en: `pantau backup-self: copy the whole collector, also while it runs

  --to FOLDER    where copies go; each becomes a folder "pantau-TIME" in it
  --keep N       so many copies stay, this one included (default 7)
  --data DIR     data directory of the collector; also PANTAU_DATA (default ./data)
  --config FILE  of a collector that does not run: its configuration; also PANTAU_CONFIG
  --lang id|en   language of these words

The copy has records, samples, accepted batches, evidence and configuration. Its secrets are sealed with DATA/vault.key, which
is in no copy: keep that file in another place. Exit code 0: the copy is whole; 1: there is none; 2: the call was wrong;
3: the copy is made, and something in the collector itself, and so in the copy, does not hold.
`,
  id: `pantau backup-self: menyalin seluruh kolektor, juga selagi berjalan

  --to FOLDER     tempat salinan; tiap salinan menjadi folder "pantau-WAKTU" di dalamnya
  --keep N        jumlah salinan yang disimpan, termasuk yang ini (bawaan 7)
  --data DIR      direktori data kolektor; juga PANTAU_DATA (bawaan ./data)
  --config BERKAS pengaturan kolektor yang sedang tidak berjalan; juga PANTAU_CONFIG
  --lang id|en    bahasa keterangan ini

Salinan memuat catatan, sampel, kiriman yang diterima, bukti, dan pengaturan. Rahasianya disegel dengan DATA/vault.key, yang
tidak ada di salinan mana pun: simpan berkas itu di tempat lain. Kode keluar 0: salinan utuh; 1: tidak ada; 2: salah panggil;
3: salinan dibuat, tetapi ada yang tidak utuh pada kolektor sendiri, jadi juga dalam salinan.
`,
}

export const RESTORE_HELP: Bilingual = {
  en: `pantau restore-self: bring a copy of a collector back into an empty data directory

  --from COPY    the folder of one copy, "pantau-TIME"
  --key FILE     the vault.key of that collector; left out when it stands in the data directory already
  --data DIR     where to; also PANTAU_DATA (default ./data); must be empty or not there yet
  --lang id|en   language of these words

Everything is checked before and after. Exit code 0: restored; 1: not restored; 2: the call was wrong.
`,
  id: `pantau restore-self: memulihkan salinan kolektor ke direktori data yang kosong

  --from SALINAN  folder satu salinan, "pantau-WAKTU"
  --key BERKAS    vault.key milik kolektor itu; tidak perlu bila sudah ada di direktori data
  --data DIR      tujuan; juga PANTAU_DATA (bawaan ./data); harus kosong atau belum ada
  --lang id|en    bahasa keterangan ini

Semuanya diperiksa sebelum dan sesudahnya. Kode keluar 0: pulih; 1: tidak pulih; 2: salah panggil.
`,
}

/** What is wrong with a call. */
export const CALL_WORDS = {
  to: { en: '--to FOLDER is missing: where copies go', id: '--to FOLDER belum disebut: tempat salinan' },
  keep: { en: '--keep N wants a whole number from 1 on', id: '--keep N harus bilangan bulat mulai dari 1' },
  from: {
    en: '--from COPY is missing: the folder of one copy',
    id: '--from SALINAN belum disebut: folder satu salinan',
  },
  lang: { en: '--lang is id or en', id: '--lang adalah id atau en' },
} as const satisfies Record<string, Bilingual>

/** Says it on standard error; answers the exit code of a wrong call. */
export function refuseCall(command: string, wrong: keyof typeof CALL_WORDS, language: Language | null): number {
  const more = { en: 'tells all options', id: 'menjelaskan semua pilihan' }[language ?? 'en']
  console.error(`${command}: ${CALL_WORDS[wrong][language ?? 'en']}\n${command} --help ${more}`)
  return 2
}

export const COPY_STEP_WORDS: Readonly<Record<CopyStep, Bilingual>> = {
  journal: { en: 'accepted batches', id: 'kiriman yang diterima' },
  records: { en: 'records', id: 'catatan' },
  series: { en: 'samples', id: 'sampel' },
  files: { en: 'evidence files, sealed keys, configuration', id: 'berkas bukti, kunci tersegel, pengaturan' },
  verify: { en: 'checking databases, evidence and audit log', id: 'memeriksa basis data, bukti, dan catatan audit' },
  sums: { en: 'reading all back from the disk', id: 'membaca ulang semuanya dari disk' },
}

export const RESTORE_STEP_WORDS: Readonly<Record<RestoreStep, Bilingual>> = {
  sums: { en: 'checking the copy', id: 'memeriksa salinan' },
  files: { en: 'bringing it back', id: 'memulihkan' },
  verify: { en: 'checking databases, evidence and audit log', id: 'memeriksa basis data, bukti, dan catatan audit' },
  series: { en: 'checking samples', id: 'memeriksa sampel' },
}

export const FLAWED: Bilingual = {
  en: 'what does not hold in the collector itself does not hold in this copy either (older ones without such faults stay):',
  id: 'yang tidak utuh pada kolektor juga tidak utuh dalam salinan ini (salinan lama yang utuh tetap disimpan):',
}

export const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
