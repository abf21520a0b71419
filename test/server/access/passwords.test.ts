import { describe, expect, it } from 'vitest'
import { createPasswords } from '../../../server/access/passwords.ts'
import { PASSWORD, refusal } from './city.ts'

describe('a password', () => {
  it('is kept by argon2id with 19 MiB and is right again later', async () => {
    const passwords = createPasswords()
    const kept = await passwords.hash(PASSWORD)
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwords.verify(kept, PASSWORD)).toBe(true)
    expect(await passwords.verify(kept, `${PASSWORD} `)).toBe(false)
    expect(await passwords.hash(PASSWORD)).not.toBe(kept)
  })

  it('is the same from a keyboard that composes its letters otherwise', async () => {
    const passwords = createPasswords()
    const kept = await passwords.hash('café di Kota Bogor')
    expect(await passwords.verify(kept, 'cafe\u0301 di Kota Bogor')).toBe(true)
  })

  it('of nobody is never right, and takes as long as that of somebody', async () => {
    const passwords = createPasswords()
    const kept = await passwords.hash(PASSWORD)
    expect(await passwords.verify(null, PASSWORD)).toBe(false)
    const timeOf = async (hash: string | null) => {
      const began = performance.now()
      await passwords.verify(hash, 'a wrong password')
      return performance.now() - began
    }
    const somebody: number[] = []
    const nobody: number[] = []
    for (let round = 0; round < 9; round += 1) {
      somebody.push(await timeOf(kept))
      nobody.push(await timeOf(null))
    }
    // The fastest of each are nearly free of what else the machine does; without the work it would be a thousandth.
    const ratio = Math.min(...nobody) / Math.min(...somebody)
    expect(ratio).toBeGreaterThan(0.3)
    expect(ratio).toBeLessThan(3.3)
  })

  it('waits in line in a flood, and past the line is told to come back', async () => {
    const passwords = createPasswords({ concurrent: 1, waiting: 3 })
    const flood = Array.from({ length: 10 }, () => passwords.verify(null, 'guess'))
    const refused = flood.slice(4).map(refusal)
    expect(await Promise.all(refused)).toEqual(Array(6).fill('too-many-requests'))
    expect(await Promise.all(flood.slice(0, 4))).toEqual([false, false, false, false])
    expect(await passwords.verify(await passwords.hash(PASSWORD), PASSWORD)).toBe(true)
  })

  it('is looked at in the order of coming', async () => {
    const passwords = createPasswords({ concurrent: 1 })
    const finished: number[] = []
    const comers = [0, 1, 2, 3, 4].map(comer => passwords.verify(null, 'guess').then(() => finished.push(comer)))
    await Promise.all(comers)
    expect(finished).toEqual([0, 1, 2, 3, 4])
  })

  it('that cannot be checked, for a damaged hash, gives its place free again', async () => {
    const passwords = createPasswords({ concurrent: 1, waiting: 0 })
    await expect(passwords.verify('damaged', PASSWORD)).rejects.toThrow()
    expect(await passwords.verify(null, PASSWORD)).toBe(false)
  })
})
