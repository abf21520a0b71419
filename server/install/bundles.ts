// The bundles that installers and upgrades take: the built agent, its own Node, the unit. Made once and kept.
import { createHash } from 'node:crypto'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ARCHITECTURES, type Architecture, type BundleManifest } from '../../protocol/upgrade.ts'
import { BUILT_AGENT_FLAGS } from '../platform/agent-program.ts'
import type { Logger } from '../platform/logs.ts'
import { type BundleNote, readNotes, writeNote } from './bundle-notes.ts'
import type { SigningKey } from './signing-key.ts'
import { type TarFile, tarOf } from './tar.ts'

export type Bundle = BundleNote & {
  /** Path of the .tar.gz. */
  file: string
  /** JSON text of a BundleManifest, and the collector's signature over exactly this text. */
  manifest: string
  signature: string
}

export type Bundles = {
  /** Null where this collector has no Node for that kind of machine, or its agent is not built. */
  get(arch: Architecture): Promise<Bundle | null>
  state(arch: Architecture): 'ready' | 'not-built' | 'no-node'
  /** Sequence of a bundle that was made; null before it was asked for. */
  newest(arch: Architecture): number | null
}

/** `root` is the source tree; bundles are kept in `directory`. */
export function createBundles(deps: {
  root: string
  directory: string
  version: string
  signingKey: SigningKey
  now: () => number
  log: Logger
}): Bundles {
  const { root, directory, version, signingKey, log } = deps
  const making = new Map<Architecture, Promise<Bundle>>()
  const made = new Map<Architecture, number>()

  const nodeOf = (arch: Architecture) => join(root, 'node_modules', `node-linux-${arch}`)
  function state(arch: Architecture): 'ready' | 'not-built' | 'no-node' {
    if (!existsSync(join(root, 'agent/dist/agent.mjs'))) return 'not-built'
    return existsSync(join(nodeOf(arch), 'bin/node')) ? 'ready' : 'no-node'
  }

  function contentOf(arch: Architecture): TarFile[] {
    const node = nodeOf(arch)
    const own = (folder: string, into: string, mode: TarFile['mode']): TarFile[] =>
      readdirSync(join(root, folder))
        .filter(name => !name.startsWith('.') && (!isCode(name) || name.endsWith(`.${arch}.code`)))
        .sort()
        .map(name => ({ path: `${into}${name}`, mode, content: { file: join(root, folder, name) } }))
    return [
      { path: 'bin/node', mode: 0o755, content: { file: join(node, 'bin/node') } },
      { path: 'LICENSE.node', mode: 0o644, content: { file: join(node, 'LICENSE') } },
      { path: 'LICENSE', mode: 0o644, content: { file: join(root, 'LICENSE') } },
      { path: 'flags', mode: 0o644, content: Buffer.from(`${BUILT_AGENT_FLAGS.join(' ')}\n`) },
      ...own('agent/dist', 'agent/', 0o644),
      ...own('agent/install', 'install/', 0o755).filter(({ path }) => !path.endsWith('/install.sh')),
    ]
  }

  async function make(arch: Architecture): Promise<Bundle> {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const content = contentOf(arch)
    const inputs = fingerprint(version, content)
    const notes = readNotes(directory)
    let note = notes[arch]
    const file = join(directory, `agent-${arch}.tar.gz`)
    if (note?.inputs !== inputs || statSync(file, { throwIfNoEntry: false })?.size !== note.bytes) {
      const newest = Math.max(0, ...ARCHITECTURES.map(other => notes[other]?.sequence ?? 0))
      // The sequence grows even when the clock of this machine was set back.
      const sequence = Math.max(newest + 1, deps.now())
      const about = Buffer.from(`${JSON.stringify({ version, sequence, arch })}\n`)
      const files: TarFile[] = [{ path: 'bundle.json', mode: 0o644, content: about }, ...content]
      note = { inputs, version, sequence, ...(await pack(files, file)) }
      writeNote(directory, arch, note)
      log.info({ arch, bytes: note.bytes, sequence }, 'A bundle of the agent was made')
    }
    const { sequence, bytes, sha256 } = note
    made.set(arch, sequence)
    const manifest = JSON.stringify({ version, sequence, arch, bytes, sha256 } satisfies BundleManifest)
    return { ...note, file, manifest, signature: signingKey.sign(manifest) }
  }

  return {
    state,
    newest: arch => made.get(arch) ?? null,
    async get(arch) {
      if (state(arch) !== 'ready') return null
      const known = making.get(arch) ?? make(arch)
      making.set(arch, known)
      try {
        return await known
      } catch (error) {
        // Asked again it tries again: a disk may have room by then.
        making.delete(arch)
        throw error
      }
    },
  }
}

/** What V8 made of the program (agent/record-code.mjs), of use on one kind of machine only. */
const isCode = (path: string): boolean => path.endsWith('.code')

async function pack(files: readonly TarFile[], into: string): Promise<{ bytes: number; sha256: string }> {
  const fresh = `${into}.new`
  const hash = createHash('sha256')
  let bytes = 0
  const counter = new PassThrough()
  counter.on('data', (part: Buffer) => {
    hash.update(part)
    bytes += part.length
  })
  try {
    const target = createWriteStream(fresh, { mode: 0o600, flush: true })
    await pipeline(Readable.from(tarOf(files)), createGzip(), counter, target)
    renameSync(fresh, into)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Changes when anything in the bundle does. Large files by size and time: hashing 120 MB at each start is too much. */
function fingerprint(version: string, files: readonly TarFile[]): string {
  const hash = createHash('sha256').update(version)
  for (const { path, mode, content } of files) {
    // Made anew of the same program it is another one.
    if (isCode(path)) continue
    hash.update(`\n${path} ${mode} `)
    if (Buffer.isBuffer(content)) hash.update(content)
    else {
      const { size, mtimeMs } = statSync(content.file)
      hash.update(size > 10_000_000 ? `${size} ${mtimeMs}` : readFileSync(content.file))
    }
  }
  return hash.digest('hex')
}
