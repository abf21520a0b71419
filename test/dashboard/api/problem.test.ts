import { describe, expect, test } from 'vitest'
import { ApiError, errorFromAnswer, issueOf } from '../../../dashboard/src/api/api-error.ts'
import { addressOf, call } from '../../../dashboard/src/api/call.ts'
import { issueText } from '../../../dashboard/src/api/issue-text.ts'
import { problemText } from '../../../dashboard/src/api/problem-text.ts'
import { PATHS } from '../../../protocol/paths.ts'
import { ISSUE_CODES, PROBLEMS } from '../../../protocol/problem.ts'

const problem = (code: string, more = {}) => ({ type: 'about:blank', title: 'x', status: 400, code, ...more })

describe('a refusal of the collector', () => {
  test('each code of the API has a sentence in both languages', () => {
    for (const code of Object.keys(PROBLEMS)) {
      const error = errorFromAnswer(400, problem(code), null)
      expect(error.code).toBe(code)
      expect(problemText(error, 'id')).not.toBe(problemText(error, 'en'))
    }
  })

  test('brings its detail, in the language of the page around it', () => {
    const error = errorFromAnswer(502, problem('channel-failed', { detail: 'connect ECONNREFUSED' }), null)
    expect(problemText(error, 'id')).toBe('Saluran tidak menerima pesan: connect ECONNREFUSED')
  })

  test('says how long to wait, from the body or from the header', () => {
    expect(problemText(errorFromAnswer(429, problem('too-many-requests', { retryAfterS: 42 }), null), 'id')).toContain(
      '42 detik',
    )
    expect(problemText(errorFromAnswer(429, problem('too-many-requests'), '7'), 'en')).toContain('7 seconds')
    expect(errorFromAnswer(429, problem('too-many-requests'), 'Wed, 21 Oct 2026').retryAfterS).toBeNull()
  })

  test('lays each issue next to its field', () => {
    const issues = [{ path: 'settings.to', message: 'must be e-mail addresses' }, { path: 3 }, 'nonsense']
    const error = errorFromAnswer(400, problem('bad-request', { issues }), null)
    expect(error.issues).toHaveLength(1)
    expect(issueOf(error, 'settings.to')).toBe('must be e-mail addresses')
    expect(issueOf(error, 'name')).toBeNull()
    expect(issueOf(null, 'name')).toBeNull()
  })

  test('says what is wrong with a field in the language of the page, by its code', () => {
    for (const code of ISSUE_CODES) {
      const said = (language: 'id' | 'en') => issueText({ path: 'x', message: 'must be so', code, limit: 7 }, language)
      if (code === 'other') expect(said('id')).toBe('must be so')
      else expect(said('id')).not.toBe(said('en'))
    }
    const issues = [{ path: 'name', message: 'Too small: ...', code: 'too-short', limit: 3 }]
    const error = errorFromAnswer(400, problem('bad-request', { issues, detail: 'name: Too small: ...' }), null)
    expect(issueOf(error, 'name')).toBe('paling sedikit 3 huruf')
    expect(problemText(error, 'id')).toBe('Isian tidak sah: name paling sedikit 3 huruf')
    expect(problemText(error, 'en')).toContain('at least 3 characters')
  })

  test('what is none of ours (the page of a proxy) is unreadable, not a crash', () => {
    for (const body of [null, 'Bad gateway', [], {}, { code: 'toString' }, { code: 12 }]) {
      const error = errorFromAnswer(502, body, null)
      expect(error.code).toBe('unreadable')
      expect(problemText(error, 'en')).toContain('HTTP 502')
    }
  })
})

describe('a call', () => {
  test('fills its path and leaves out what is not asked', () => {
    expect(addressOf(PATHS.incident[1], { id: 'a/b' })).toBe('/api/v1/incidents/a%2Fb')
    expect(addressOf(PATHS.incidents[1], {}, { state: 'active', before: undefined, limit: 50 })).toBe(
      '/api/v1/incidents?state=active&limit=50',
    )
    expect(() => addressOf(PATHS.incident[1])).toThrow(/"id"/)
  })

  test('that reaches nobody is offline, and the caller learns it', async () => {
    // Node resolves no relative address, which is as unreachable as a collector can be.
    await expect(call('session')).rejects.toEqual(new ApiError('offline'))
  })
})
