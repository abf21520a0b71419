// What `rsync --log-file` writes. Source: rsync(1), "EXIT VALUES", and what rsync 3.2 and 3.5 wrote.
import type { BackupTrouble } from '../../../protocol/backup-words.ts'

export type RsyncRun = { takenAt: number; tookMs: number; trouble: BackupTrouble | null; words: string }

const LINE = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[(\d+)\] (.*)$/

const BY_CODE: Readonly<Record<number, BackupTrouble>> = {
  ...{
    5: 'unreachable',
    10: 'unreachable',
    12: 'unreachable',
    30: 'unreachable',
    35: 'unreachable',
    255: 'unreachable',
  },
  ...{ 20: 'never-ended', 19: 'never-ended', 23: 'incomplete', 25: 'incomplete' },
}

/** How the last run of a log ended. Times in it are those of the machine's own time zone. Undefined for a log without runs. */
export function lastRsyncRun(log: string): RsyncRun | undefined {
  const lines = log.split('\n').flatMap(line => {
    const [, year, month, day, hour, minute, second, pid, words = ''] = LINE.exec(line) ?? []
    if (pid === undefined) return []
    const at = new Date(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
    return [{ at: at.getTime(), pid, words }]
  })
  const last = lines.at(-1)
  if (last === undefined) return undefined
  // The receiver of a copy on the same machine writes under its own number: so a run goes back to the last beginning.
  const begins = lines.findLastIndex(({ words }) => /^(building|receiving) file list/.test(words))
  const run = lines.slice(Math.max(0, begins))
  const startedAt = run[0]?.at ?? last.at
  const told = (trouble: BackupTrouble | null, words: string): RsyncRun => ({
    ...{ takenAt: last.at, tookMs: Math.max(0, last.at - startedAt), trouble, words },
  })
  const failed = run.findLast(({ words }) => /^rsync error: .*\(code \d+\)/.test(words))
  if (failed !== undefined) {
    if (run.some(({ words }) => /no space left on device|disk quota exceeded/i.test(words)))
      return told('disk-full', failed.words)
    const code = Number(/\(code (\d+)\)/.exec(failed.words)?.[1])
    return told(BY_CODE[code] ?? 'command-failed', failed.words)
  }
  if (run.some(({ words }) => /^sent [\d,.]+\w* bytes\s+received/.test(words))) return told(null, '')
  return told('incomplete', 'the last run in the log has no end: it is under way, or was killed')
}
