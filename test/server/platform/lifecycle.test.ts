import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLifecycle } from '../../../server/platform/lifecycle.ts'
import { createLogger } from '../../../server/platform/logs.ts'

function open() {
  const logLines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: line => void logLines.push(line) } })
  return { lifecycle: createLifecycle({ log }), logLines, closed: [] as string[] }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('closing', () => {
  it('goes from the last opened to the first, each after the other has ended', async () => {
    const { lifecycle, closed, logLines } = open()
    for (const name of ['records', 'series', 'http']) {
      lifecycle.onClose(name, async () => {
        closed.push(`${name} begins`)
        await new Promise(resolve => setTimeout(resolve, 50))
        closed.push(`${name} ends`)
      })
    }
    const closing = lifecycle.close()
    await vi.advanceTimersByTimeAsync(1_000)
    await closing
    expect(closed).toEqual(['http', 'series', 'records'].flatMap(name => [`${name} begins`, `${name} ends`]))
    expect(logLines).toEqual([])
  })

  it('is not stopped by a part that throws, rejects or hangs; a person is told of each', async () => {
    const { lifecycle, closed, logLines } = open()
    lifecycle.onClose('first', () => void closed.push('first'))
    lifecycle.onClose('hangs', () => new Promise(() => {}))
    lifecycle.onClose('rejects', () => Promise.reject(new Error('disk gone')))
    lifecycle.onClose('throws', () => {
      throw new Error('no')
    })
    const closing = lifecycle.close()
    await vi.advanceTimersByTimeAsync(9_999)
    expect(closed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await closing
    expect(closed).toEqual(['first'])
    expect(logLines.map(line => (JSON.parse(line) as { part: string; level: number }).part)).toEqual([
      'throws',
      'rejects',
      'hangs',
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('happens once, however often it is asked for', async () => {
    const { lifecycle, closed } = open()
    lifecycle.onClose('a', () => void closed.push('a'))
    await Promise.all([lifecycle.close(), lifecycle.close()])
    await lifecycle.close()
    expect(closed).toEqual(['a'])
  })

  it('also closes what opens while it is closing, or after', async () => {
    const { lifecycle, closed } = open()
    lifecycle.onClose('a', () => void closed.push('a'))
    lifecycle.onClose('b', () => lifecycle.onClose('late', () => void closed.push('late')))
    await lifecycle.close()
    expect(closed).toEqual(['late', 'a'])
    lifecycle.onClose('too late', () => void closed.push('too late'))
    await vi.advanceTimersByTimeAsync(0)
    expect(closed).toEqual(['late', 'a', 'too late'])
  })
})
