import { createHash, generateKeyPairSync } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judgeOffer } from '../../../agent/upgrade/judge-offer.ts'
import { type OwnBundle, readFailed, readOwnBundle } from '../../../agent/upgrade/own-bundle.ts'
import { isOnTrial, passTrial, takeBundle } from '../../../agent/upgrade/take-bundle.ts'
import { unpack } from '../../../agent/upgrade/unpack.ts'
import type { BundleManifest } from '../../../protocol/upgrade.ts'
import { openSigningKey, type SigningKey } from '../../../server/install/signing-key.ts'
import { type TarFile, tarOf } from '../../../server/install/tar.ts'

let home: string
let key: SigningKey
let own: OwnBundle
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pantau-upgrade-'))
  key = openSigningKey(join(home, 'collector'))
  mkdirSync(join(home, 'versions/1.2.3-100'), { recursive: true })
  writeFileSync(join(home, 'versions/1.2.3-100/bundle.json'), '{"version":"1.2.3","sequence":100,"arch":"x64"}')
  symlinkSync('1.2.3-100', join(home, 'versions/current'))
  const found = await readOwnBundle(home)
  if (found === undefined) throw new Error('no bundle')
  own = found
})
afterEach(() => rmSync(home, { recursive: true }))

const manifestOf = (more: Partial<BundleManifest> = {}): BundleManifest => ({
  ...{ version: '1.2.4', sequence: 200, arch: 'x64', bytes: 10, sha256: 'a'.repeat(64) },
  ...more,
})
function offerOf(manifest: unknown, more: { signature?: string; again?: boolean } = {}) {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
  return { manifest: text, signature: more.signature ?? key.sign(text), path: '/elsewhere', again: more.again ?? false }
}
const judge = (offer: ReturnType<typeof offerOf>, failed: number | null = null) =>
  judgeOffer(offer, { publicKey: key.publicKey, own, failed })

describe('an offer', () => {
  it('that is signed, newer and for this machine is taken, from the one place where bundles lie', () => {
    expect(judge(offerOf(manifestOf()))).toEqual({
      kind: 'take',
      manifest: manifestOf(),
      path: '/install/agent-x64.tar.gz',
    })
  })

  const stranger = generateKeyPairSync('ed25519').privateKey
  it.each([
    [
      'of another key',
      () =>
        offerOf(manifestOf(), {
          signature: openSigningKey(mkdtempSync(join(home, 'other-'))).sign(JSON.stringify(manifestOf())),
        }),
      'not signed',
    ],
    ['without a signature', () => offerOf(manifestOf(), { signature: '' }), 'not signed'],
    ['for another machine', () => offerOf(manifestOf({ arch: 'arm64' })), 'it is for arm64'],
    ['of the same bundle', () => offerOf(manifestOf({ sequence: 100 })), 'not newer'],
    ['of an older bundle', () => offerOf(manifestOf({ sequence: 99 })), 'not newer'],
    [
      'of a lower version under a higher number',
      () => offerOf(manifestOf({ version: '1.1.9' })),
      'a step back to 1.1.9',
    ],
    ['of no size', () => offerOf(manifestOf({ bytes: 0 })), 'not one'],
    ['of any size', () => offerOf(manifestOf({ bytes: 9e9 })), 'larger'],
    ['whose version is a path', () => offerOf(manifestOf({ version: '1.2.4/../../x' })), 'not one'],
    ['of something else that was signed', () => offerOf('"text"'), 'not one'],
  ])('%s is refused', (_, make, said) => {
    expect(stranger.asymmetricKeyType).toBe('ed25519')
    expect(judge(make())).toMatchObject({ kind: 'refuse', reason: expect.stringContaining(said) })
  })

  it('that failed before is taken only when an operator says so again', () => {
    expect(judge(offerOf(manifestOf()), 200)).toMatchObject({ kind: 'refuse' })
    expect(judge(offerOf(manifestOf(), { again: true }), 200)).toMatchObject({ kind: 'take' })
    expect(judge(offerOf(manifestOf()), 150)).toMatchObject({ kind: 'take' })
  })

  it('with any byte changed is refused', () => {
    const good = offerOf(manifestOf())
    fc.assert(
      fc.property(fc.nat({ max: good.manifest.length - 1 }), fc.integer({ min: 1, max: 127 }), (at, xor) => {
        const changed = String.fromCharCode(good.manifest.charCodeAt(at) ^ xor)
        const manifest = good.manifest.slice(0, at) + changed + good.manifest.slice(at + 1)
        expect(judge({ ...good, manifest })).toMatchObject({ kind: 'refuse' })
      }),
    )
  })
})

async function bundleOf(files: TarFile[], about = { version: '1.2.4', sequence: 200, arch: 'x64' }) {
  const parts: Buffer[] = []
  const all: TarFile[] = [
    { path: 'bundle.json', mode: 0o644, content: Buffer.from(`${JSON.stringify(about)}\n`) },
    ...files,
  ]
  for await (const part of tarOf(all)) parts.push(part)
  const archive = gzipSync(Buffer.concat(parts))
  const manifest = manifestOf({ bytes: archive.length, sha256: createHash('sha256').update(archive).digest('hex') })
  return { archive, manifest }
}
async function* inParts(bytes: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const node: TarFile = { path: 'bin/node', mode: 0o755, content: Buffer.alloc(70_000, 'n') }
const versions = () => readdirSync(join(home, 'versions')).sort()

describe('taking a bundle', () => {
  it('puts it beside, notes the trial and switches', async () => {
    const { archive, manifest } = await bundleOf([node])
    mkdirSync(join(home, 'versions/1.0.0-50'))
    await takeBundle(own, manifest, inParts(archive))
    expect(versions()).toEqual(['.trial', '1.2.3-100', '1.2.4-200', 'current'])
    expect(readlinkSync(join(home, 'versions/current'))).toBe('1.2.4-200')
    expect(readFileSync(join(home, 'versions/.trial'), 'utf8')).toBe('1.2.4-200 1.2.3-100\n')
    expect(statSync(join(home, 'versions/1.2.4-200/bin/node'))).toMatchObject({ size: 70_000 })
    expect(statSync(join(home, 'versions/1.2.4-200/bin/node')).mode & 0o777).toBe(0o755)
    const fresh = await readOwnBundle(home)
    expect(fresh).toMatchObject({ sequence: 200, version: '1.2.4' })
    expect([await isOnTrial(own), fresh && (await isOnTrial(fresh))]).toEqual([false, true])
    if (fresh !== undefined) await passTrial(fresh)
    expect(versions()).toEqual(['1.2.3-100', '1.2.4-200', 'current'])
  })

  it.each([
    ['torn', (archive: Buffer) => inParts(archive.subarray(0, -5)), /not the one that was signed|unexpected end/],
    ['longer', (archive: Buffer) => inParts(Buffer.concat([archive, Buffer.from('x')])), /longer than its manifest/],
    [
      'changed',
      (archive: Buffer) => inParts(Buffer.from(archive.map((byte, at) => (at === 40 ? byte ^ 1 : byte)))),
      /./,
    ],
  ])('%s, it changes nothing', async (_, spoil, said) => {
    const { archive, manifest } = await bundleOf([node])
    await expect(takeBundle(own, manifest, spoil(archive))).rejects.toThrow(said)
    expect(versions()).toEqual(['1.2.3-100', 'current'])
    expect(readlinkSync(join(home, 'versions/current'))).toBe('1.2.3-100')
  })

  it('whose inside says something else than its manifest, it changes nothing', async () => {
    const { archive, manifest } = await bundleOf([node], { version: '1.2.4', sequence: 100, arch: 'x64' })
    await expect(takeBundle(own, manifest, inParts(archive))).rejects.toThrow('something else of itself')
    expect(versions()).toEqual(['1.2.3-100', 'current'])
  })

  it('knows which one the launcher went back from', async () => {
    expect(await readFailed(own)).toBeNull()
    writeFileSync(join(home, 'versions/.failed'), '1.2.4-200\n')
    expect(await readFailed(own)).toBe(200)
  })
})

describe('unpacking', () => {
  it.each([['../evil'], ['/etc/evil'], ['a/../../evil'], ['a//b'], ['.hidden'], ['a\nb'], ['-rf']])(
    'refuses the name %j',
    async path => {
      const into = join(home, 'into')
      const parts: Buffer[] = []
      for await (const part of tarOf([{ path, mode: 0o644, content: Buffer.from('x') }])) parts.push(part)
      await expect(unpack(inParts(Buffer.concat(parts)), into)).rejects.toThrow('leads elsewhere')
      expect(existsSync(join(home, 'evil'))).toBe(false)
    },
  )

  it.each(['1', '2', '3', '5', 'L'])('refuses what is no plain file (type %s)', async type => {
    const parts: Buffer[] = []
    for await (const part of tarOf([{ path: 'a', mode: 0o644, content: Buffer.alloc(0) }])) parts.push(part)
    const archive = Buffer.concat(parts)
    archive.write(type, 156)
    archive.write('        ', 148)
    const sum = archive.subarray(0, 512).reduce((all, byte) => all + byte, 0)
    archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    await expect(unpack(inParts(archive), join(home, 'into'))).rejects.toThrow('other than plain files')
  })

  it('gives back what was packed, however it is cut into parts', async () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 1500 }), { minLength: 1, maxLength: 4 })
    let round = 0
    await fc.assert(
      fc.asyncProperty(contents, fc.integer({ min: 1, max: 2000 }), async (files, size) => {
        round += 1
        const into = join(home, `round-${round}`)
        const parts: Buffer[] = []
        const packed = files.map((content, at) => ({
          path: `d/f${at}`,
          mode: 0o644 as const,
          content: Buffer.from(content),
        }))
        for await (const part of tarOf(packed)) parts.push(part)
        await unpack(inParts(Buffer.concat(parts), size), into)
        for (const { path, content } of packed) expect(readFileSync(join(into, path)).equals(content)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})
