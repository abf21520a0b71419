// What may happen to files that lie somewhere, done on purpose.

import { createHash } from 'node:crypto'
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Copies a folder and does something to the copy; its path. */
export function changedCopy(of: string, to: string, change: (copy: string) => void): string {
  cpSync(of, to, { recursive: true })
  change(to)
  return to
}

/** The largest file below a folder. */
export function largestFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
  const [largest] = files
  if (largest === undefined) throw new Error(`${folder} has no file`)
  return largest
}

/** Turns over bytes in the middle, as a dying disk does: the length stays. */
export function flipBytes(file: string): void {
  chmodSync(file, 0o600)
  const content = readFileSync(file)
  const middle = Math.floor(content.length / 2)
  for (let at = middle; at < Math.min(middle + 64, content.length); at += 1)
    content.writeUInt8(content.readUInt8(at) ^ 0xff, at)
  writeFileSync(file, content)
}

export function cutInHalf(file: string): void {
  chmodSync(file, 0o600)
  truncateSync(file, Math.floor(statSync(file).size / 2))
}

export function overwrite(file: string): void {
  chmodSync(file, 0o600)
  writeFileSync(file, 'ini bukan lagi isinya')
}

export function overwriteAll(folder: string): void {
  for (const name of readdirSync(folder)) overwrite(join(folder, name))
}

export const removeFile = (file: string): void => rmSync(file)

/** A program that stands in for another one; its path. */
export function standIn(file: string, script: string): string {
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return file
}

/** Bytes that no packing makes smaller, the same for the same seed. */
export function noise(bytes: number, seed: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(String(seed)).digest()
}
