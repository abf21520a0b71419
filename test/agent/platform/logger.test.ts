import { describe, expect, it } from 'vitest'
import { createLogger } from '../../../agent/platform/logger.ts'

describe('the log of the agent', () => {
  const linesAt = (level: 'debug' | 'warn') => {
    const lines: string[] = []
    const log = createLogger(level, line => lines.push(line))
    log.debug('fine detail')
    log.info({ batches: 3 }, 'batches went out')
    log.error({ reason: 'no "space"\nleft' }, 'disk is full')
    return lines
  }

  it('is one JSON object a line, with the fields and the constant sentence', () => {
    const [, info, error] = linesAt('debug')
    expect(JSON.parse(info ?? '')).toMatchObject({
      level: 30,
      name: 'pantau-agent',
      batches: 3,
      msg: 'batches went out',
    })
    expect(Date.parse(JSON.parse(info ?? '').time)).toBeGreaterThan(Date.now() - 60_000)
    expect(error).toMatch(/^[^\n]*\n$/)
    expect(JSON.parse(error ?? '')).toMatchObject({ level: 50, reason: 'no "space"\nleft' })
  })

  it('leaves out what is below its level', () => {
    expect(linesAt('debug')).toHaveLength(3)
    expect(linesAt('warn').map(line => JSON.parse(line).msg)).toEqual(['disk is full'])
  })
})
