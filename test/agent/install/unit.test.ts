import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../architecture/tree.ts'

const UNIT = join(ROOT, 'agent/install/pantau-agent.service')

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-unit-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function analyze(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

/** The exposure that systemd gives a unit, 0 (nothing is open) to 10. */
function exposure(unit: string): number {
  const { said } = analyze('security', '--offline=true', '--no-pager', unit)
  return Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1] ?? Number.NaN)
}

describe('the unit', () => {
  it('is understood by systemd, every line of it', () => {
    const unit = join(directory, 'pantau-agent.service')
    // What it starts is not installed here: a program that is there stands in for it.
    writeFileSync(unit, readFileSync(UNIT, 'utf8').replace('/opt/pantau-agent/launch', '/bin/true'))
    expect(analyze('verify', '--man=no', unit)).toEqual({ status: 0, said: '' })
    writeFileSync(unit, readFileSync(UNIT, 'utf8').replace('ProtectClock=yes', 'ProtectClocks=yes'))
    expect(analyze('verify', '--man=no', unit).said).toContain('ProtectClocks')
  })

  it('is exposed less than 3.0; without its sandbox it would be far more', () => {
    const bare = join(directory, 'bare.service')
    writeFileSync(bare, '[Service]\nUser=pantau\nExecStart=/bin/true\n')
    const unit = join(directory, 'pantau-agent.service')
    copyFileSync(UNIT, unit)
    expect(exposure(unit)).toBeLessThan(3)
    expect(exposure(bare)).toBeGreaterThan(7)
  })

  it('hides no mount from the agent, and gives it no power over the machine but to ping', () => {
    const text = readFileSync(UNIT, 'utf8')
    for (const setting of [
      'ProtectHome=read-only',
      'ProtectProc=default',
      'CapabilityBoundingSet=CAP_NET_RAW',
      'MemoryHigh=640M',
    ]) {
      expect(text.split('\n')).toContain(setting)
    }
    expect(text).not.toMatch(/^(InaccessiblePaths|TemporaryFileSystem|ProcSubset)=/m)
  })
})
