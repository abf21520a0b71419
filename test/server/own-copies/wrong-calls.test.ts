// Who calls a command wrongly is told what is wrong with the call, in the language that was asked for.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { backupSelfCommand } from '../../../server/cli/backup-self.ts'
import { restoreSelfCommand } from '../../../server/cli/restore-self.ts'

let told: string[]
beforeEach(() => {
  told = []
  vi.spyOn(console, 'error').mockImplementation(line => void told.push(String(line)))
})
afterEach(() => vi.restoreAllMocks())

it.each([
  [backupSelfCommand, [], '--to FOLDER is missing'],
  [backupSelfCommand, ['--to', ''], '--to FOLDER is missing'],
  [backupSelfCommand, ['--to', '/copies', '--keep', '0'], '--keep N wants a whole number from 1 on'],
  [backupSelfCommand, ['--to', '/copies', '--keep', '1.5'], '--keep N wants a whole number from 1 on'],
  [backupSelfCommand, ['--to', '/copies', '--lang', 'fr'], '--lang is id or en'],
  [backupSelfCommand, ['--lang', 'id'], '--to FOLDER belum disebut'],
  [restoreSelfCommand, ['--key', 'vault.key'], '--from COPY is missing'],
  [restoreSelfCommand, ['--lang', 'id'], '--from SALINAN belum disebut'],
])('%o %j: %s', async (command, argv, words) => {
  expect(await command(argv, {})).toBe(2)
  expect(told.join('\n')).toContain(words)
  expect(told.join('\n')).toContain('--help')
})
