import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installScript } from '../../../server/install/install-script.ts'
import { ROOT } from '../../architecture/tree.ts'

const installer = readFileSync(join(ROOT, 'agent/install/install.sh'), 'utf8')
const values = {
  collector: 'https://noc.example.go.id:8443',
  pin: 'sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  version: '1.2.3',
  signingKey: 'A'.repeat(44),
  servedAt: Date.now(),
  sha256: { x64: 'a'.repeat(64), arm64: 'b'.repeat(64) },
  sequence: 1_800_000_000_000,
}
const SHELLS: { shell: [string, ...string[]] }[] = [
  { shell: ['sh'] },
  { shell: ['busybox', 'sh'] },
  { shell: ['bash', '--posix'] },
]

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'pantau-script-'))
})
afterEach(() => rmSync(temporary, { recursive: true }))

/** As `curl ... | sh -s -- ARGUMENTS`. */
function pipe(script: string, args: string[], [shell, ...options]: readonly [string, ...string[]] = ['sh']) {
  const env = { PATH: process.env.PATH, TMPDIR: temporary, LANG: 'C' }
  const { status, stdout, stderr } = spawnSync(shell, [...options, '-s', '--', ...args], { input: script, env })
  return { status, said: `${stdout}${stderr}` }
}

describe('the text', () => {
  it.each(['install.sh', 'launch.sh', 'pantau-agent.sh', 'pantau-agent.init'])('%s is clean for shellcheck', name => {
    const options = ['--shell=sh', '--exclude=SC1091', join(ROOT, 'agent/install', name)]
    expect(spawnSync('shellcheck', options, { encoding: 'utf8' })).toMatchObject({ stdout: '', status: 0 })
  })

  it('is clean for shellcheck as it is served', () => {
    const served = spawnSync('shellcheck', ['--shell=sh', '-'], { input: installScript(installer, values) })
    expect(String(served.stdout)).toBe('')
  })

  it('takes any value as one word, and none with a line end', () => {
    const evil = `https://x/'; touch ${temporary}/evil; '$(touch ${temporary}/evil)\``
    const shown = pipe(installScript('printf %s "$collector"', { ...values, collector: evil }), [])
    expect(shown.said).toBe(evil)
    expect(readdirSync(temporary)).not.toContain('evil')
    expect(() => installScript(installer, { ...values, version: 'a\nb' })).toThrow('line end')
  })
})

describe.each(SHELLS)('in $shell', ({ shell }) => {
  it('--dry-run says what would be done and does nothing', () => {
    const { status, said } = pipe(installScript(installer, values), ['--dry-run', '--token', 'T'], shell)
    expect(said).toContain('/opt/pantau-agent/versions/1.2.3-1800000000000')
    expect(said).toContain('https://noc.example.go.id:8443/install/agent-')
    expect(status).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('half a download does nothing', () => {
    const script = installScript('echo ran', values)
    for (let end = 0; end < script.length - 'begin "$@"\n'.length; end += 37) {
      expect(pipe(script.slice(0, end), [], shell).said, `${end} of ${script.length}`).not.toContain('ran')
    }
  })

  it.each([
    [['--uninstal'], 2, 'unknown option --uninstal'],
    [['--token'], 2, '--token needs a value'],
    [['--interval-ms', 'soon', '--token', 'T'], 2, '--interval-ms must be a number'],
    [['--token-file', '/nowhere'], 2, "/nowhere can't be read"],
    [['--dry-run'], 2, '--token is missing'],
  ])('%j ends with %i', (args, status, said) => {
    const ended = pipe(installScript(installer, values), args, shell)
    expect(ended.said).toContain(said)
    expect(ended.status).toBe(status)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('what it says', () => {
  it('in Indonesian where the machine speaks it', () => {
    expect(pipe(installScript(installer, values), ['--lang', 'id', '--dry-run']).said).toContain('belum didaftarkan')
  })

  it('that there is no bundle for this kind of machine', () => {
    const script = installScript(installer, { ...values, sha256: { x64: '', arm64: '' } })
    expect(pipe(script, ['--dry-run', '--token', 'T'])).toMatchObject({
      status: 4,
      said: expect.stringContaining('no bundle for'),
    })
  })

  it('that its clock is off', () => {
    const script = installScript(installer, { ...values, servedAt: Date.now() - 7_200_000 })
    expect(pipe(script, ['--dry-run', '--token', 'T']).said).toMatch(/clock of this machine is 72\d\d s off/)
  })
})

it('the token stands in the list of processes for a moment only', async () => {
  const go = join(temporary, 'go')
  const installing = `while [ ! -e ${go} ]; do sleep 0.1; done; printf "%s" "$PANTAU_INSTALL_TOKEN"`
  const script = installScript(installing, values)
  const child = spawn('sh', ['-s', '--', '--token', 'very-secret-token', '--no-start'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, TMPDIR: temporary },
  })
  child.stdin.end(script)
  let said = ''
  child.stdout.on('data', part => {
    said += String(part)
  })
  const isRunning = (seen: string) => seen.includes(temporary) && !seen.includes('very-secret-token')
  await expect.poll(() => isRunning(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }))).toBe(true)
  writeFileSync(go, '')
  await new Promise(resolve => child.once('close', resolve))
  expect(said).toBe('very-secret-token')
})
