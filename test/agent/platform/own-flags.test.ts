import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { BUILT_AGENT_FLAGS } from '../../../server/platform/agent-program.ts'

const OWN_FLAGS = fileURLToPath(new URL('../../../agent/platform/own-flags.ts', import.meta.url))

it('starts without the public authorities, trusts them where somebody needs them, and gives its children back theirs', () => {
  const script = `
    import { getCACertificates } from 'node:tls'
    import { flagsForChild, trustPublicAuthorities } from ${JSON.stringify(OWN_FLAGS)}
    const atStart = getCACertificates('default').length
    trustPublicAuthorities()
    console.log(JSON.stringify({ atStart, then: getCACertificates('default').length, child: flagsForChild(64) }))`
  const args = [...BUILT_AGENT_FLAGS, '--input-type=module', '--eval', script]
  const said = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env: {} }))
  expect(said.atStart).toBe(0)
  expect(said.then).toBeGreaterThan(100)
  expect(said.child).toContain('--max-semi-space-size=1')
  expect(said.child.filter((flag: string) => /openssl-ca|old-space/.test(flag))).toEqual(['--max-old-space-size=64'])
})
