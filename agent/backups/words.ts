// What a person reads of a look or a run. English, as are the tools that are asked.
import type { BackupTrouble } from '../../protocol/backup-words.ts'
import type { BackupRun, BackupSighting } from '../../protocol/backups.ts'
import { shownDuration } from '../sources/backups/fields.ts'
import type { PlannedJob } from '../sources/backups/plan.ts'

const TROUBLE_WORDS: Readonly<Record<BackupTrouble, string>> = {
  'configuration-wrong': "the job's lines are wrong",
  'tool-missing': 'its program is not on this machine',
  unreachable: "the place can't be reached",
  'repository-missing': 'the place or repository is not there',
  'wrong-password': 'the password is wrong',
  'permission-denied': 'this user may not read it',
  locked: 'it is locked by another run',
  timeout: 'it took too long',
  'answer-unreadable': "the answer can't be understood",
  'nothing-there': 'there is no copy',
  empty: 'it is empty',
  truncated: 'it is cut off',
  'header-wrong': 'it is not what it should be',
  'checksum-wrong': 'its checksum is wrong',
  damaged: 'it is damaged',
  incomplete: 'it is not whole (yet)',
  'clock-ahead': 'it is from the future: a clock is wrong',
  'command-failed': 'the program failed',
  'disk-full': 'the disk is full',
  'never-ended': 'it never said how it ended',
  'content-wrong': 'it comes back, but what is in it is wrong',
}

export function shownJob({ dataset, name, tool, everyMs, problem, checks }: PlannedJob): string {
  const rhythm = [`looked at each ${shownDuration(everyMs)}`, ...checks.map(({ purpose }) => `${purpose} scheduled`)]
  return problem === null
    ? `${dataset}  ${name}  ${tool}  ${rhythm.join(', ')}\n`
    : `${dataset}  ${name}  PROBLEM: ${problem}\n`
}

export function shownBytes(bytes: number | null): string {
  if (bytes === null) return 'unknown size'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

function shownAge(ms: number): string {
  if (ms < 0) return 'in the future'
  const hours = ms / 3_600_000
  if (hours < 1) return `${Math.round(ms / 60_000)} minutes old`
  return hours < 48 ? `${Math.round(hours)} hours old` : `${Math.round(hours / 24)} days old`
}

const because = (trouble: BackupTrouble, detail: string): string =>
  `${TROUBLE_WORDS[trouble]} [${trouble}]${detail === '' ? '' : `\n          ${detail}`}`

export function shownSighting({ dataset, job, trouble, detail, copies, copyCount, at }: BackupSighting): string {
  const title = `${dataset}  ${job}`
  if (trouble !== null) return `${title}\n  PROBLEM ${because(trouble, detail)}\n`
  const newest = copies.find(copy => copy.trouble === null)
  const lines = copies.slice(0, 5).map(copy => {
    const about = `${copy.id}  ${shownBytes(copy.bytes)}  ${shownAge(at - copy.takenAt)}`
    return copy.trouble === null ? `  ok      ${about}\n` : `  PROBLEM ${about}: ${because(copy.trouble, '')}\n`
  })
  const sum = newest === undefined ? 'no good copy' : `newest good copy ${shownAge(at - newest.takenAt)}`
  return `${title}\n  ${copyCount} copies, ${sum}\n${lines.join('')}`
}

export function shownCheck({ job, purpose, outcome, trouble, detail, proof, startedAt, endedAt }: BackupRun): string {
  const took = `${Math.round(((endedAt ?? startedAt) - startedAt) / 1_000)} s`
  if (outcome !== 'good' || (purpose === 'restore-test' && proof === null))
    return `PROBLEM ${job}: ${because(trouble ?? 'answer-unreadable', detail)}\n`
  if (proof === null) return `ok      ${job}: found sound in ${took}\n`
  const databases = proof.databases.map(
    ({ name, tables, rows }) => `          ${name}: ${tables} tables, ${rows} rows\n`,
  )
  const held = `${proof.files} files, ${shownBytes(proof.bytes)}, ${proof.checksumsHeld} known checksums held`
  return `ok      ${job}: ${proof.copyId} came back in ${took}: ${held}\n${databases.join('')}`
}
