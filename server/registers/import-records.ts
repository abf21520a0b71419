import { REGISTER_CALLS } from '../../protocol/register-calls.ts'
import type { ImportView } from '../../protocol/register-views.ts'
import { defineVerb } from '../access/verb.ts'
import { planImport } from './import/plan.ts'
import { readSheets } from './import/read-sheets.ts'
import { REGISTER_KINDS, requireRegisterKind } from './kinds/registry.ts'
import { readSubjects } from './subjects.ts'
import { enterRecord, replaceVersion } from './write-record.ts'

/**
 * Takes a spreadsheet in, or says what it would do. Rows that can't be taken are named and left out, the others are taken:
 * the same file twice changes nothing the second time. Errors: `bad-request`, `too-large`.
 */
export const importRegister = defineVerb({
  name: 'register.import',
  permission: 'registers:write',
  input: REGISTER_CALLS.importRegister.body,
  prepare: (_context, { name, contentBase64 }) => readSheets(name, Buffer.from(contentBase64, 'base64')),
  async run({ tx, actor, at }, { name, kind, mode }, sheets): Promise<ImportView> {
    const asked = kind === undefined ? null : requireRegisterKind(kind)
    const planned = planImport({
      sheets,
      kindOf: sheet => asked ?? kindNamed(sheet),
      standing: await tx.selectFrom('register_version').selectAll().where('ended_at', 'is', null).execute(),
      subjects: await readSubjects(tx),
    })
    for (const row of mode === 'apply' ? planned : []) {
      const by = { at, actorId: actor.id, source: `import ${name} ${row.sheet}:${row.row}` }
      if (row.outcome === 'added') await enterRecord(tx, row.kind, row.input, by)
      else if (row.outcome === 'changed') await replaceVersion(tx, row.standing, row.input, by)
    }
    const count = (outcome: string) => planned.filter(row => row.outcome === outcome).length
    return {
      applied: mode === 'apply',
      ...{ added: count('added'), changed: count('changed') },
      ...{ unchanged: count('unchanged'), refused: count('refused') },
      rows: planned.map(({ sheet, row, outcome, title, details }) => ({ sheet, row, outcome, title, details })),
    }
  },
  audit: ({ name, mode }, { added, changed, unchanged, refused }) => ({
    subject: null,
    detail: { name, mode, added, changed, unchanged, refused },
  }),
  committed: (deps, { mode }, { added, changed }) => {
    if (mode === 'apply' && added + changed > 0) deps.changes.append({ kind: 'register', id: '', register: '' })
  },
})

function kindNamed(text: string) {
  const wanted = text.trim().toLowerCase()
  return (
    REGISTER_KINDS.find(({ kind, title }) => [kind, title.id, title.en].some(word => word.toLowerCase() === wanted)) ??
    null
  )
}
