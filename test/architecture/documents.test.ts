import { describe, expect, it } from 'vitest'
import { PROBLEMS } from '../../protocol/problem.ts'
import { apiReference } from '../support/api-reference.ts'
import {
  anchorsOf,
  documentsOf,
  documentViolations,
  errorReferenceViolations,
  isThere,
  twinViolations,
} from './documents.ts'
import { planted, readTree, tell } from './tree.ts'

const tree = readTree()
const text = (path: string) => tree.get(path) ?? ''

describe('the documents', () => {
  it('cite paths and link to pages that exist', () => {
    expect(documentsOf(tree).length).toBeGreaterThan(10)
    expect(tell(documentViolations(tree))).toEqual([])
  })

  it('are refused when what they cite is gone', () => {
    const files = planted({
      'server/app.ts': '',
      'docs/architecture.md': [
        'The way begins in `server/app.ts`, ends in `server/gone.ts` and `somewhere/else.ts`.',
        '```',
        '    server/app.ts    the whole',
        '    server/lost.ts   nothing',
        '```',
        'See [the guide](guide/first.md), [this](#a-heading), [itself](architecture.md#the-way) and [out](https://a.go.id).',
        '## The way',
      ].join('\n'),
      'README.md': 'See [how](docs/architecture.md#the-way) and `docs/architecture.md:12`.',
    })
    expect(tell(documentViolations(files))).toEqual([
      'docs/architecture.md:1: server/gone.ts does not exist',
      'docs/architecture.md:4: server/lost.ts does not exist',
      'docs/architecture.md:6: the link guide/first.md leads nowhere',
      'docs/architecture.md:6: the link #a-heading has no such heading',
    ])
  })

  it('may cite many files at once', () => {
    const files = planted({
      'server/rules/measures/heartbeat.ts': '',
      'agent/main.ts': '',
      'docs/decisions/0001-a.md': '',
    })
    for (const cited of ['server/rules/measures/*.ts', 'server/rules/', 'agent/{main}.ts', 'docs/decisions/NNNN-*.md'])
      expect([cited, isThere(files, cited)]).toEqual([cited, true])
    for (const cited of ['server/rules/*.ts', 'server/rule', 'agent/{main,app}.ts'])
      expect([cited, isThere(files, cited)]).toEqual([cited, false])
  })

  it('make anchors as the code hosting sites do', () => {
    expect(anchorsOf('# `pantau` server\n```\n# not one\n```\n## Adding a *server*, twice')).toEqual([
      'pantau-server',
      'adding-a-server-twice',
    ])
  })
})

describe('the reference', () => {
  it('has a section for each error code and for nothing else', () => {
    expect(tell(errorReferenceViolations(text('docs/reference/errors.md'), Object.keys(PROBLEMS)))).toEqual([])
    expect(tell(errorReferenceViolations('### `b`\n### `b`', ['a', 'b']))).toHaveLength(2)
    expect(tell(errorReferenceViolations('### `c`', []))).toEqual(['docs/reference/errors.md: c is not an error code'])
  })

  it('of the API is what protocol/ says today (npm run format writes it)', () => {
    const written = text('docs/reference/api.md').split('\n')
    const stale = apiReference()
      .split('\n')
      .findIndex((line, i) => line !== written[i])
    expect(stale < 0 ? 'up to date' : `differs from line ${stale + 1} on`).toBe('up to date')
    expect(written.length).toBe(apiReference().split('\n').length)
  })
})

describe('the two READMEs', () => {
  it('have the same headings and commands', () => {
    expect(text('README.md')).toContain('npm start')
    expect(tell(twinViolations(text('README.md'), text('README.id.md')))).toEqual([])
  })

  it('are refused when one runs ahead', () => {
    const english = '# A\n## B\n```sh\nnpm start # begin\n```'
    expect(twinViolations(english, '# A\n## C\n```sh\nnpm start # mulai\n```')).toEqual([])
    expect(twinViolations(english, '# A\n```sh\nnpm test\n```')).toHaveLength(2)
  })
})
