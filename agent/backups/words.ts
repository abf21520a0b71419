// What a person reads of a look or a run. What the tools themselves say stays as they say it, and so does what is wrong with
// a line of the file: people search for it.
import type { BackupTrouble } from '../../protocol/backup-words.ts'
import type { BackupRun, BackupSighting } from '../../protocol/backups.ts'
import { TROUBLE_WORDS } from '../../protocol/trouble-words.ts'
import type { Language } from '../../protocol/vocabulary.ts'
import { shownDuration } from '../sources/backups/fields.ts'
import type { PlannedJob } from '../sources/backups/plan.ts'

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

const EN = {
  ok: 'ok     ',
  problem: 'PROBLEM',
  lookedAt: (each: string) => `looked at each ${each}`,
  scheduled: (purpose: string) => `${purpose} scheduled`,
  unknownSize: 'unknown size',
  future: 'in the future',
  minutes: (count: number) => `${counted(count, 'minute')} old`,
  hours: (count: number) => `${counted(count, 'hour')} old`,
  days: (count: number) => `${counted(count, 'day')} old`,
  noGood: 'no good copy',
  newestGood: (age: string) => `newest good copy ${age}`,
  copies: (count: number) => counted(count, 'copy', 'copies'),
  sound: (seconds: string) => `found sound in ${seconds} s`,
  cameBack: (copy: string, seconds: string) => `${copy} came back in ${seconds} s`,
  files: (count: number) => counted(count, 'file'),
  checksums: (count: number) => `${counted(count, 'known checksum')} held`,
  rows: (tables: number, rows: number) => `${counted(tables, 'table')}, ${counted(rows, 'row')}`,
  noJobs: (file: string) => `${file} has no jobs`,
  checking: (purpose: string, job: string) => `${purpose} of ${job}`,
  noCommand: (command: string) => `there is no command "${command}" (see --help)`,
  commandMissing: 'the command is missing: it stands behind "--"',
  notRecorded: (data: string) => `this run is not recorded, ${data} can't be written`,
  endNotRecorded: 'how this run ended is not recorded',
}

const WORDS: Record<Language, typeof EN> = {
  en: EN,
  id: {
    ok: 'baik   ',
    problem: 'MASALAH',
    lookedAt: each => `diperiksa tiap ${each}`,
    scheduled: purpose => `${purpose} terjadwal`,
    unknownSize: 'ukuran tidak diketahui',
    future: 'di masa depan',
    minutes: count => `berumur ${count} menit`,
    hours: count => `berumur ${count} jam`,
    days: count => `berumur ${count} hari`,
    noGood: 'tidak ada salinan yang baik',
    newestGood: age => `salinan baik terbaru ${age}`,
    copies: count => `${count} salinan`,
    sound: seconds => `utuh, diperiksa dalam ${seconds} detik`,
    cameBack: (copy, seconds) => `${copy} pulih dalam ${seconds} detik`,
    files: count => `${count} berkas`,
    checksums: count => `${count} checksum yang dikenal cocok`,
    rows: (tables, rows) => `${tables} tabel, ${rows} baris`,
    noJobs: file => `${file} tidak berisi pekerjaan`,
    checking: (purpose, job) => `${purpose} atas ${job}`,
    noCommand: command => `tidak ada perintah "${command}" (lihat --help)`,
    commandMissing: 'perintahnya belum ada: tempatnya di belakang "--"',
    notRecorded: data => `proses ini tidak dicatat, ${data} tidak dapat ditulis`,
    endNotRecorded: 'akhir proses ini tidak dicatat',
  },
}

export type Speech = ReturnType<typeof speechIn>

/** All that the command says, in one language. */
export function speechIn(language: Language) {
  const words = WORDS[language]

  const because = (trouble: BackupTrouble, detail: string): string =>
    `${TROUBLE_WORDS[trouble][language]} [${trouble}]${detail === '' ? '' : `\n          ${detail}`}`

  function shownJob({ dataset, name, tool, everyMs, problem, checks }: PlannedJob): string {
    if (problem !== null) return `${dataset}  ${name}  ${words.problem}: ${problem}\n`
    const rhythm = [words.lookedAt(shownDuration(everyMs)), ...checks.map(({ purpose }) => words.scheduled(purpose))]
    return `${dataset}  ${name}  ${tool}  ${rhythm.join(', ')}\n`
  }

  const shownBytes = (bytes: number | null): string => (bytes === null ? words.unknownSize : binarySize(bytes))

  function shownAge(ms: number): string {
    if (ms < 0) return words.future
    const hours = ms / 3_600_000
    if (hours < 1) return words.minutes(Math.round(ms / 60_000))
    return hours < 48 ? words.hours(Math.round(hours)) : words.days(Math.round(hours / 24))
  }

  function shownSighting({ dataset, job, trouble, detail, copies, copyCount, at }: BackupSighting): string {
    const title = `${dataset}  ${job}`
    if (trouble !== null) return `${title}\n  ${words.problem} ${because(trouble, detail)}\n`
    const newest = copies.find(copy => copy.trouble === null)
    const lines = copies.slice(0, 5).map(copy => {
      const about = `${copy.id}  ${shownBytes(copy.bytes)}  ${shownAge(at - copy.takenAt)}`
      return copy.trouble === null
        ? `  ${words.ok} ${about}\n`
        : `  ${words.problem} ${about}: ${because(copy.trouble, '')}\n`
    })
    const sum = newest === undefined ? words.noGood : words.newestGood(shownAge(at - newest.takenAt))
    return `${title}\n  ${words.copies(copyCount)}, ${sum}\n${lines.join('')}`
  }

  function shownCheck({ job, purpose, outcome, trouble, detail, proof, startedAt, endedAt }: BackupRun): string {
    const took = `${Math.round(((endedAt ?? startedAt) - startedAt) / 1_000)}`
    if (outcome !== 'good' || (purpose === 'restore-test' && proof === null))
      return `${words.problem} ${job}: ${because(trouble ?? 'answer-unreadable', detail)}\n`
    if (proof === null) return `${words.ok} ${job}: ${words.sound(took)}\n`
    const databases = proof.databases.map(
      ({ name, tables, rows }) => `          ${name}: ${words.rows(tables, rows)}\n`,
    )
    const held = [words.files(proof.files), shownBytes(proof.bytes), words.checksums(proof.checksumsHeld)]
    return `${words.ok} ${job}: ${words.cameBack(proof.copyId, took)}: ${held.join(', ')}\n${databases.join('')}`
  }

  return { ...words, shownJob, shownSighting, shownCheck }
}

function binarySize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}
