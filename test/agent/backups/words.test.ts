import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { speechIn } from '../../../agent/backups/words.ts'
import { backupSighting } from '../../../protocol/backups.ts'
import { spokenLanguage } from '../../../protocol/spoken-language.ts'
import { TROUBLE_WORDS } from '../../../protocol/trouble-words.ts'

const DATASET = '01a2035f-0c84-737f-9d84-00f054f86581'
const PANTAU = fileURLToPath(new URL('../../../pantau.mjs', import.meta.url))

describe('the language of a command', () => {
  it('is what was asked for, else what the machine speaks, and a wrapped command keeps its own options', () => {
    expect(spokenLanguage(['list', '--lang', 'id', '--all'], {})).toEqual({ language: 'id', rest: ['list', '--all'] })
    expect(spokenLanguage(['--lang=en'], { LANG: 'id_ID.UTF-8' })).toEqual({ language: 'en', rest: [] })
    expect(spokenLanguage([], { LANG: 'id_ID.UTF-8', LC_ALL: 'C' }).language).toBe('en')
    expect(spokenLanguage(['--lang', 'jv'], {}).language).toBeNull()
    const wrapped = ['run', '--', 'dump', '--lang', 'de']
    expect(spokenLanguage(wrapped, { LC_MESSAGES: 'id_ID' })).toEqual({ language: 'id', rest: wrapped })
  })
})

describe('pantau backup', () => {
  it('tells of the same look in both languages, with the same word for who searches', () => {
    const sighting = backupSighting.parse({
      ...{ report: 'sighting', id: DATASET, dataset: DATASET, job: 'nightly', tool: 'files', at: 7_200_000, tookMs: 5 },
      ...{ trouble: null, detail: '', copyCount: 1, oldestAt: 0, verifiedAt: null },
      copies: [{ id: 'dump.sql', takenAt: 0, bytes: 2_048, tookMs: null, trouble: 'truncated' }],
    })
    const shown = (language: 'id' | 'en') => speechIn(language).shownSighting(sighting)
    expect(shown('en')).toMatch(
      /1 copy, no good copy\n {2}PROBLEM dump.sql {2}2.0 KiB {2}2 hours old: the copy is cut short/,
    )
    expect(shown('id')).toMatch(
      /tidak ada salinan yang baik\n {2}MASALAH dump.sql .*berumur 2 jam: salinannya terpotong \[truncated\]/,
    )
    for (const { id, en } of Object.values(TROUBLE_WORDS)) expect(id).not.toBe(en)
  })

  it('speaks as the machine does', () => {
    const run = spawnSync(process.execPath, [PANTAU, 'backup', 'nonsense'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LANG: 'id_ID.UTF-8' },
    })
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(/tidak ada perintah "nonsense"/) })
  })
})
