import { describe, expect, it } from 'vitest'
import { parseJobFile } from '../../../../agent/sources/backups/job-file.ts'

const ID = '0190a1b2-0000-7000-8000-00000000000'
const job = (number: number, ...lines: string[]): string =>
  [`  - dataset: ${ID}${number}`, `    name: job-${number}`, ...lines.map(line => `    ${line}`), ''].join('\n')
const FILES = ['tool: files', 'path: /salinan']

describe('the job file', () => {
  it('reads jobs with what they leave out', async () => {
    const { jobs, problems } = await parseJobFile(
      `jobs:\n${job(1, ...FILES, 'every: 1h', 'restoreTest: {every: 30d, between: "22:00-05:00"}')}`,
    )
    expect(problems).toEqual([])
    expect(jobs).toMatchObject([
      {
        ...{ dataset: `${ID}1`, name: 'job-1', tool: 'files', everyMs: 3_600_000, withinMs: 600_000 },
        restoreTest: { everyMs: 30 * 86_400_000, scope: 'sample', between: [22 * 60, 5 * 60] },
      },
    ])
  })

  it('is empty where it says nothing', async () => {
    expect(await parseJobFile('')).toEqual({ jobs: [], problems: [] })
    expect(await parseJobFile('# belum ada\n')).toEqual({ jobs: [], problems: [] })
  })

  it.each([
    ['an unknown line', ['tool: files', 'pth: /salinan'], 5, /^pth: is not a line of this tool; it has path, match/],
    ['a path from here', ['tool: files', 'path: salinan'], 5, /^path: must be a whole path/],
    ['a tool that nobody knows', ['tool: pita'], 4, /^tool: must be one of .*postgresql-dump/],
    ['a time without a unit', [...FILES, 'every: 15'], 6, /^every: must be a time such as/],
    ['too short a time', [...FILES, 'every: 1s'], 6, /^every: must be from 10s to 1w/],
    [
      'a wrong line within',
      [...FILES, 'restoreTest:', '  every: 30d', '  scop: all'],
      6,
      /^restoreTest\.scop: is not a line/,
    ],
    ['a check that the tool has not', [...FILES, 'verify: {every: 7d}'], 6, /^verify: the tool files has no check/],
    ['a quote that never ends', [...FILES, 'match: "tanpa penutup'], 7, /not YAML/],
    ['a text in place of a number', [...FILES, 'least: besar'], 6, /^least: must be a size/],
  ])('%s costs its job only, and is named with its line', async (_, lines, line, words) => {
    const { jobs, problems } = await parseJobFile(`jobs:\n${job(1, ...lines)}`)
    expect(jobs).toEqual([])
    expect(problems).toMatchObject([{ line, words: expect.stringMatching(words) }])
    if (lines[2] === 'match: "tanpa penutup') return
    const beside = await parseJobFile(`jobs:\n${job(1, ...lines)}${job(2, ...FILES)}`)
    expect(beside.jobs.map(({ name }) => name)).toEqual(['job-2'])
    expect(beside.problems).toMatchObject([{ line, dataset: `${ID}1`, name: 'job-1' }])
  })

  it.each([
    ['- satu', /must begin with "jobs:"/],
    ['jobs: files', /must be a list/],
    [`jobs:\n${job(1, ...FILES)}lain: 1\n`, /only "jobs:"/],
    [`jobs:\n${job(1, ...FILES)}${job(1, ...FILES)}`, /^name: job-1 stands here twice/],
    [`jobs:\n  - name: x\n    tool: files\n`, /^dataset: is missing/],
    ['jobs:\n  - satu\n', /a job must have lines/],
  ])('%j is told of', async (text, words) => {
    const { problems } = await parseJobFile(text)
    expect(problems).toMatchObject([{ words: expect.stringMatching(words) }])
  })
})
