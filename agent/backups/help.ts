import type { Bilingual } from '../../protocol/vocabulary.ts'

export const HELP: Bilingual = {
  en: `Usage: pantau backup COMMAND [options]

  run --dataset ID [--job NAME] [--size-of PATH] -- CMD...
      runs a backup job of yours and tells the collector when it began and how it ended. Its input, output, signals
      and exit code are its own; it runs even when nothing can be recorded. --size-of: what it made, measured when it
      ended. Without --job its name is "command".
  list
      the jobs of the file, and what is wrong with it
  look [--dataset ID] [--job NAME]
      looks at the copies now and says what the agent would see
  restore-test --dataset ID [--job NAME] [--all] [--scratch DIR]
      brings the newest copy back into a scratch folder, looks at it, and clears it away
  verify --dataset ID [--job NAME]
      has the tool check its own repository

  --backups FILE  the jobs (default /etc/pantau/backups.yaml)                        PANTAU_BACKUPS
  --data DIR      data directory of the agent (default ./data/agent)                 PANTAU_AGENT_DATA
  --lang id|en    language of these words                                            LC_ALL, LC_MESSAGES, LANG

Ends with 0 when all is well, 1 when a copy can't be counted on, 2 for a wrong option; "run" ends as its command does.
`,
  id: `Pemakaian: pantau backup PERINTAH [pilihan]

  run --dataset ID [--job NAMA] [--size-of JALUR] -- PERINTAH...
      menjalankan pekerjaan pencadangan Anda dan memberi tahu kolektor kapan mulai dan bagaimana akhirnya. Masukan,
      keluaran, sinyal, dan kode keluarnya tetap miliknya; tetap berjalan walau tidak ada yang dapat dicatat.
      --size-of: hasilnya, diukur saat berakhir. Tanpa --job namanya "command".
  list
      pekerjaan dalam berkas, dan apa yang salah di dalamnya
  look [--dataset ID] [--job NAMA]
      memeriksa salinan sekarang dan menyebut apa yang dilihat agen
  restore-test --dataset ID [--job NAMA] [--all] [--scratch DIR]
      memulihkan salinan terbaru ke folder sementara, memeriksanya, lalu menghapusnya
  verify --dataset ID [--job NAMA]
      meminta program memeriksa repositorinya sendiri

  --backups BERKAS  pekerjaan (bawaan /etc/pantau/backups.yaml)                      PANTAU_BACKUPS
  --data DIR        direktori data agen (bawaan ./data/agent)                        PANTAU_AGENT_DATA
  --lang id|en      bahasa keterangan ini                                            LC_ALL, LC_MESSAGES, LANG

Berakhir dengan 0 bila semua baik, 1 bila ada salinan yang tak dapat diandalkan, 2 untuk pilihan yang salah; "run" berakhir
seperti perintahnya.
`,
}
