// A cable between network namespaces is cut, and real pings, the real collector and a real mail server tell of it.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { CableReport } from '../support/cut-cables.ts'

const PROGRAM = fileURLToPath(new URL('../support/cut-cables.ts', import.meta.url))

describe('the cable to the core router of the city is cut', () => {
  it('is one incident and one mail with 40 cut off behind it, and its end one more', async () => {
    // Neither agent nor polls are silent for so long that a busy machine is taken for a second trouble.
    const rhythm = ['--interval-ms', '5000', '--poll-ms', '20000']
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...rhythm])
    const told = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as CableReport)
    const [cut, parent, mended] = told
    expect(told.map(({ kind }) => kind)).toEqual(['cut', 'parent', 'mended'])
    if (cut?.kind !== 'cut') throw new Error('nothing is told of the cut')
    expect(cut.tileMs).toBeLessThanOrEqual(cut.wallMs)
    const opened = expect.stringMatching(/KRITIS.*r-10\.97\.1\.2 /)
    expect(parent).toMatchObject({
      incidents: [{ subject: '10.97.1.2', cutOff: 40 }],
      ...{ mails: [opened], unreachable: 40 },
    })
    expect(mended).toMatchObject({ mails: [opened, expect.stringContaining('PULIH')] })
  })
})
