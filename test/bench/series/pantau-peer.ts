// The embedded series store in a process of its own, which is given batches by file so that making them is not its work.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeBatchFile } from './batch-file.ts'
import { directoryBytes, type Peer } from './peer.ts'
import type { StoreAnswers, StoreRequest } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('./store-process.ts', import.meta.url))

/**
 * As the collector runs (pantau.mjs): at its second start, when the code without its types is kept. But for the young generation of
 * the calling thread, which the collector has larger for the garbage of its requests: that is none of the store's.
 */
const FLAGS = ['--max-semi-space-size=16', '--max-old-space-size=2000']
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

/** Packs a sample, so that every thread has been there. */
async function firstStart(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  await once(child, 'message')
  // What came with the first is packed with the second.
  for (const at of [0, 86_400_000]) {
    child.send({ kind: 'settle', at } satisfies StoreRequest)
    await once(child, 'message')
  }
  child.send({ kind: 'close' } satisfies StoreRequest)
  await exited
}

export async function openPantau(directory: string, firstMinute: number, as: 'columns' | 'entries'): Promise<Peer> {
  const env = { ...process.env, ...MALLOC, NODE_COMPILE_CACHE: join(directory, 'compiled') }
  const start = (data: string) => fork(PROGRAM, [join(directory, data), String(firstMinute)], { execArgv: FLAGS, env })
  await firstStart(start('nothing'))
  const data = join(directory, 'store')
  const child = start('store')
  let waiting = Promise.withResolvers<unknown>()
  child.on('message', (message: { value: unknown } | { failure: string }) => {
    if ('failure' in message) waiting.reject(new Error(message.failure))
    else waiting.resolve(message.value)
  })
  const exited = once(child, 'exit')
  void exited.then(() => waiting.reject(new Error('the process of the store ended')))
  await waiting.promise

  async function call<Request extends StoreRequest>(request: Request): Promise<StoreAnswers[Request['kind']]> {
    waiting = Promise.withResolvers()
    child.send(request)
    return (await waiting.promise) as StoreAnswers[Request['kind']]
  }

  return {
    name: 'pantau',
    pid: child.pid ?? 0,
    async pour({ fill, size, together, most }) {
      const path = join(directory, 'batches')
      const samples = writeBatchFile(path, fill, size, most)
      const poured = await call({ kind: 'pour', path, samples, size, together, as })
      rmSync(path)
      return poured
    },
    settle: async at => void (await call({ kind: 'settle', at })),
    ask: (question, times) => call({ kind: 'ask', question, times }),
    bytes: () => ({
      samples: directoryBytes(data, name => name.startsWith('series-')),
      tiers: directoryBytes(data, name => /^(minute|quarter|hour|day)-/.test(name)),
      'log and names': directoryBytes(data, name => /^(log-|names|last)/.test(name)),
    }),
    more: async () => ({ 'memory by its own reckoning, MiB': (await call({ kind: 'tell' })).memoryBytes / 2 ** 20 }),
    async close() {
      waiting = Promise.withResolvers()
      waiting.promise.catch(() => {})
      child.send({ kind: 'close' } satisfies StoreRequest)
      await exited
    },
  }
}
