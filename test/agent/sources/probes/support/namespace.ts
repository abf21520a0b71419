import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { IP_PATH, PYTHON_PATH } from '../../../../support/debian-packages.ts'

let made = 0

/** A network namespace that ends with the test, with its loopback up. */
export function makeNamespace(): { name: string; ip: (...args: string[]) => void } {
  made += 1
  const name = `pantau-probe-${process.pid}-${made}`
  execFileSync(IP_PATH, ['netns', 'add', name])
  onTestFinished(() => void execFileSync(IP_PATH, ['netns', 'del', name]))
  const ip = (...args: string[]): void => void execFileSync(IP_PATH, ['-n', name, ...args])
  ip('link', 'set', 'lo', 'up')
  return { name, ip }
}

/** A program within a namespace that is asked by lines and answers by lines of JSON. */
export function startWithin(namespace: string, command: string[]) {
  const child: ChildProcess = spawn(IP_PATH, ['netns', 'exec', namespace, ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  if (child.stdout === null) throw new Error('nothing can be heard')
  const lines = createInterface({ input: child.stdout })
  const waiting: ((line: string) => void)[] = []
  const early: string[] = []
  lines.on('line', line => {
    if (line === '"news"') return
    const next = waiting.shift()
    if (next === undefined) early.push(line)
    else next(line)
  })
  const nextLine = (): Promise<string> => {
    const line = early.shift()
    return line === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(line)
  }
  return {
    nextLine,
    say: (text: string): void => void child.stdin?.write(`${text}\n`),
    async ask(text: string): Promise<unknown> {
      child.stdin?.write(`${text}\n`)
      return JSON.parse(await nextLine())
    },
  }
}

/** The responder on a tun device: `truth` is by address what it heard and what of it it answered, and in how many milliseconds at best. */
export async function startResponder(namespace: ReturnType<typeof makeNamespace>) {
  namespace.ip('tuntap', 'add', 'dev', 'tun0', 'mode', 'tun')
  namespace.ip('address', 'add', '10.99.0.1/16', 'dev', 'tun0')
  namespace.ip('link', 'set', 'tun0', 'up')
  const responder = startWithin(namespace.name, [PYTHON_PATH, fileURLToPath(new URL('responder.py', import.meta.url))])
  if ((await responder.nextLine()) !== 'ready') throw new Error('the responder did not start')
  return { truth: async () => (await responder.ask('truth')) as Record<string, [number, number, number | null]> }
}
