// What can be wrong with the file that says what is backed up where.
import { existsSync } from 'node:fs'
import { reasonOf } from '../platform/logger.ts'
import { askChild } from '../sources/backups/ask-child.ts'
import { type Finding, finding } from './finding.ts'

const READ_WITHIN_MS = 60_000

/** Nothing where there is no such file: an agent need not look after backups. */
export async function checkBackups(file: string | undefined, data: string): Promise<Finding[]> {
  if (file === undefined || !existsSync(file)) return []
  const problem = (en: string, id: string): Finding => finding('problem', 'backups', en, id)
  try {
    const limits = { withinMs: READ_WITHIN_MS, signal: new AbortController().signal }
    const answer = await askChild({ do: 'plan', file, data }, limits)
    if (!('plan' in answer)) throw new Error('problem' in answer ? answer.problem : 'no answer')
    const { jobs, problems } = answer.plan
    if (problems.length > 0) return problems.map(words => problem(words, `pekerjaan pencadangan salah: ${words}`))
    const count = jobs.length
    return [finding('ok', 'backups', `${count} jobs in ${file}`, `${count} pekerjaan di ${file}`)]
  } catch (error) {
    return [problem(`${file}: ${reasonOf(error)}`, `${file}: ${reasonOf(error)}`)]
  }
}
