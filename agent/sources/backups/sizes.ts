// Some tools work a copy's size out anew each time they are asked, which may take them long. A copy never changes: each is
// asked of once, a few a look with the newest first, and noted.
import type { BackupTrouble } from '../../../protocol/backup-words.ts'
import type { LookContext } from './backup-tool.ts'
import type { Trouble } from './program-trouble.ts'
import type { ProgramEnd } from './run-program.ts'

const ASKED_PER_LOOK = 3
const SIZED_COPIES = 50

export type SizeQuestion<Copy extends { id: string }> = {
  ask(copy: Copy): Promise<ProgramEnd>
  /** Where the bytes stand in the answer. */
  pattern: RegExp
  troubleOf(end: ProgramEnd): Trouble
}

/** Bytes by id as far as they are known by now; trouble where what is asked can't be told, for then the copy can't be read. */
export async function sizesOf<Copy extends { id: string }>(
  copies: readonly Copy[],
  { ask, pattern, troubleOf }: SizeQuestion<Copy>,
  { notes, signal }: Pick<LookContext, 'notes' | 'signal'>,
): Promise<Map<string, number> | Trouble> {
  const sizes = new Map<string, number>()
  let asked = 0
  for (const copy of copies.slice(0, SIZED_COPIES)) {
    const key = `bytes:${copy.id}`
    let size = notes.get(key)
    if (size === undefined && asked < ASKED_PER_LOOK && !signal.aborted) {
      asked += 1
      const end = await ask(copy)
      if (end.ended !== 'itself' || end.code !== 0) return troubleOf(end)
      size = pattern.exec(end.stdout)?.[1]
      if (size === undefined)
        return { trouble: 'answer-unreadable' satisfies BackupTrouble, detail: 'no size was told' }
    }
    if (size === undefined) continue
    notes.set(key, size)
    sizes.set(copy.id, Number(size))
  }
  return sizes
}
