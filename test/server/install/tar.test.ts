import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TarFile, tarOf } from '../../../server/install/tar.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-tar-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

async function archive(files: readonly TarFile[]): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of tarOf(files)) parts.push(part)
  return Buffer.concat(parts)
}

it('is unpacked by tar with names, modes and contents, files from disk included', async () => {
  writeFileSync(join(directory, 'source'), 'from disk')
  const files: TarFile[] = [
    { path: 'bin/node', mode: 0o755, content: { file: join(directory, 'source') } },
    { path: 'empty', mode: 0o644, content: Buffer.alloc(0) },
    { path: 'a/block', mode: 0o644, content: Buffer.alloc(512, 'x') },
  ]
  writeFileSync(join(directory, 'a.tar'), await archive(files))
  execFileSync('tar', ['-xf', 'a.tar'], { cwd: directory })
  expect(readFileSync(join(directory, 'bin/node'), 'utf8')).toBe('from disk')
  expect(statSync(join(directory, 'bin/node')).mode & 0o777).toBe(0o755)
  expect(readFileSync(join(directory, 'empty'))).toHaveLength(0)
  expect(readFileSync(join(directory, 'a/block'), 'utf8')).toBe('x'.repeat(512))
})

it('is the same each time, whole blocks, whatever the sizes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 5 }), async contents => {
      const files = contents.map((content, index) => ({
        ...{ path: `file-${index}`, mode: 0o644 as const, content: Buffer.from(content) },
      }))
      const first = await archive(files)
      expect(first.length % 512).toBe(0)
      expect(first.equals(await archive(files))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

it('refuses a name that has no room', async () => {
  await expect(archive([{ path: 'x'.repeat(101), mode: 0o644, content: Buffer.alloc(1) }])).rejects.toThrow('too long')
})
