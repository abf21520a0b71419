import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeAnswer } from '../../../agent/uplink/answer.ts'
import { PROBLEMS, type ProblemCode } from '../../../protocol/problem.ts'

const problem = (code: ProblemCode) => ({
  status: PROBLEMS[code].status,
  headers: {},
  text: JSON.stringify({ code, detail: 'because', status: PROBLEMS[code].status }),
})
const plain = (status: number, text = '') => ({ status, headers: {}, text })

describe('what an answer means for the batch', () => {
  it('is delivered only by a receipt for its own number', () => {
    expect(judgeAnswer(plain(200, '{"acknowledged":7,"duplicate":false,"receivedAt":1}'), 7).kind).toBe('delivered')
    expect(judgeAnswer(plain(200, '{"acknowledged":6}'), 7).kind).toBe('later')
    expect(judgeAnswer(plain(200, '<html>Please sign in to the Wi-Fi</html>'), 7).kind).toBe('later')
    expect(judgeAnswer(plain(204), 7).kind).toBe('later')
  })

  it('is rejected when the collector says that this batch is wrong or too large, with its reason', () => {
    expect(judgeAnswer(problem('bad-batch'), 7)).toEqual({
      kind: 'rejected',
      problem: 'status 400 bad-batch: because',
    })
    expect(judgeAnswer(problem('too-large'), 7).kind).toBe('rejected')
    expect(judgeAnswer(plain(413, '<html>nginx</html>'), 7).kind).toBe('rejected')
  })

  it('is no judgement when something in between says 400', () => {
    expect(judgeAnswer(plain(400, '<html>The plain HTTP request was sent to HTTPS port</html>'), 7).kind).toBe('later')
  })

  it('refuses the agent, not the batch', () => {
    for (const code of ['unauthenticated', 'agent-revoked', 'forbidden', 'identity-conflict'] as const) {
      expect(judgeAnswer(problem(code), 7).kind).toBe('refused')
    }
  })

  it('comes later when the collector has trouble', () => {
    for (const code of ['unavailable', 'internal', 'storage-full', 'too-many-requests', 'not-found'] as const) {
      expect(judgeAnswer(problem(code), 7).kind).toBe('later')
    }
  })

  it('is never delivered or rejected by anything that is not the collector', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.string(), (status, text) => {
        fc.pre(status !== 413)
        expect(['later', 'refused']).toContain(judgeAnswer(plain(status, text), 7).kind)
      }),
    )
  })
})
