import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVault } from '../../../server/stores/vault.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-vault-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('the vault', () => {
  it('opens what it sealed, after a restart too', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, purpose) => {
        const sealed = openVault({ directory }).seal(plain, purpose)
        expect(openVault({ directory }).open(sealed, purpose)).toBe(plain)
      }),
      { numRuns: 50 },
    ))

  it('seals the same secret differently each time, and shows nothing of it', () => {
    const vault = openVault({ directory })
    const sealed = [vault.seal('smtp-password', 'channel 1'), vault.seal('smtp-password', 'channel 1')]
    expect(sealed[0]).not.toBe(sealed[1])
    expect(Buffer.from(sealed[0]?.slice(3) ?? '', 'base64').toString('latin1')).not.toContain('smtp')
  })

  it('refuses a text that was moved to another record', () => {
    const vault = openVault({ directory })
    expect(() => vault.open(vault.seal('secret', 'channel 1'), 'channel 2')).toThrow()
  })

  it('refuses a text of another key', () => {
    const sealed = openVault({ directory }).seal('secret', 'channel 1')
    rmSync(join(directory, 'vault.key'))
    expect(() => openVault({ directory }).open(sealed, 'channel 1')).toThrow()
  })

  it('refuses any byte that was changed and any length it was cut to', () => {
    const vault = openVault({ directory })
    const bytes = Buffer.from(vault.seal('a secret', 'p').slice(3), 'base64')
    const open = (changed: Buffer) => vault.open(`v1.${changed.toString('base64')}`, 'p')
    expect(open(bytes)).toBe('a secret')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(bytes.readUInt8(index) ^ 1, index)
      expect(() => open(changed)).toThrow()
      expect(() => open(bytes.subarray(0, index))).toThrow()
    }
    expect(() => vault.open('v2.AAAA', 'p')).toThrow('unknown version')
  })

  it('does not accept a few bytes of the tag for the whole of it', () => {
    const vault = openVault({ directory })
    const empty = Buffer.from(vault.seal('', 'p').slice(3), 'base64')
    expect(vault.open(`v1.${empty.toString('base64')}`, 'p')).toBe('')
    for (const kept of [4, 8, 12, 15])
      expect(() => vault.open(`v1.${empty.subarray(0, 12 + kept).toString('base64')}`, 'p')).toThrow()
  })

  it('keeps its key readable by the owner only, and makes it once', () => {
    openVault({ directory: join(directory, 'new', 'data') })
    const path = join(directory, 'new', 'data', 'vault.key')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'new', 'data')).mode & 0o777).toBe(0o700)
    const key = readFileSync(path)
    openVault({ directory: join(directory, 'new', 'data') })
    expect(readFileSync(path)).toEqual(key)
  })

  it('stops with the file name when the key is damaged, rather than make another', () => {
    writeFileSync(join(directory, 'vault.key'), 'short')
    expect(() => openVault({ directory })).toThrow(/vault\.key is damaged: 5 bytes/)
    expect(readFileSync(join(directory, 'vault.key'), 'utf8')).toBe('short')
  })

  it('has one key when several processes make it at once', async () => {
    const script = `
      const { openVault } = await import(${JSON.stringify(new URL('../../../server/stores/vault.ts', import.meta.url).href)})
      console.log(openVault({ directory: ${JSON.stringify(directory)} }).seal('secret', 'p'))`
    const run = promisify(execFile)
    const processes = Array.from({ length: 4 }, () =>
      run(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]),
    )
    const vault = openVault({ directory })
    for (const { stdout } of await Promise.all(processes)) expect(vault.open(stdout.trim(), 'p')).toBe('secret')
    expect(readdirSync(directory)).toEqual(['vault.key'])
  })
})
