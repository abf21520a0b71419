// A machine of its own for tests that install something: own processes, own name, own network with no way out but the
// test, and the files of this machine below a layer that takes every change. What is in the layer is what was changed.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IP_PATH } from './debian-packages.ts'

export type Ended = { status: number | null; said: string }

export type BareMachine = {
  /** Address of the test as the machine sees it. */
  outside: string
  /** Runs a shell script in it as root, without any variable of ours; what it said on both outputs. */
  run(script: string, options?: { input?: string; withinMs?: number }): Ended
  /** Path of the machine's file as seen from here. */
  path(file: string): string
  /** Everything that differs from before, one line each. */
  changes(): string[]
  /** Cuts the machine off, or brings it back. */
  network(state: 'up' | 'down'): void
  remove(): Promise<void>
}

let made = 0

/** `lower` is a directory with a whole system; this machine's own root without it. Needs root. */
export async function startBareMachine(options: { hostname: string; lower?: string }): Promise<BareMachine> {
  if (process.getuid?.() !== 0) throw new Error('this test makes a machine of its own and needs root: sudo npm test')
  made += 1
  const place = mkdtempSync(join(tmpdir(), 'pantau-machine-'))
  const setUp = `
    set -e
    mount -t tmpfs -o mode=0755 tmpfs ${place}
    mkdir ${place}/upper ${place}/work ${place}/root
    mount -t overlay -o lowerdir=${options.lower ?? '/'},upperdir=${place}/upper,workdir=${place}/work overlay ${place}/root
    cd ${place}/root
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount --rbind /dev dev
    for own in run tmp var/tmp; do mount -t tmpfs -o mode=1777 tmpfs $own; done
    hostname ${options.hostname}
    echo ready
    exec sleep infinity`
  const namespaces = ['--mount', '--pid', '--uts', '--net', '--ipc', '--fork', '--kill-child']
  const keeper = spawn('unshare', [...namespaces, 'sh', '-c', setUp], { stdio: ['ignore', 'pipe', 'inherit'] })
  await ready(keeper)
  const pid = Number(readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8').trim())
  const link = `pantau${process.pid % 10_000}x${made}`
  // A network of four addresses, another one for each machine of each process that tests at the same time.
  const network = ((process.pid % 4_096) * 4 + (made % 4)) * 4
  const host = (number: number) => `10.213.${network >> 8}.${(network & 255) + number}`
  const [outside, inside] = [host(1), host(2)]
  const ip = (...args: string[]) => execFileSync(IP_PATH, args)
  const within = (...args: string[]) => execFileSync('nsenter', ['-t', String(pid), '--net', IP_PATH, ...args])
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid))
  ip('address', 'add', `${outside}/30`, 'dev', link)
  ip('link', 'set', link, 'up')
  within('link', 'set', 'lo', 'up')
  within('address', 'add', `${inside}/30`, 'dev', 'eth0')
  within('link', 'set', 'eth0', 'up')
  const upper = `/proc/${pid}/root${place}/upper`

  return {
    outside,
    run(script, { input, withinMs = 120_000 } = {}) {
      const enter = ['-t', String(pid), '--all', 'chroot', `${place}/root`, '/usr/bin/env', '-i']
      const variables = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C']
      const { status, stdout, stderr } = spawnSync('nsenter', [...enter, ...variables, 'sh', '-c', script], {
        ...{ input: input ?? '', encoding: 'utf8', timeout: withinMs },
      })
      return { status, said: `${stdout}${stderr}` }
    },
    path: file => join(`/proc/${pid}/root${place}/root`, file),
    changes() {
      const found = execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P %y\n'], {
        cwd: upper,
        encoding: 'utf8',
      })
      return found.split('\n').filter(line => line !== '')
    },
    network: state => void ip('link', 'set', link, state),
    async remove() {
      const ended = new Promise(resolve => keeper.once('exit', resolve))
      keeper.kill('SIGKILL')
      await ended
      rmdirSync(place)
    },
  }
}

function ready(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    keeper.stdout?.once('data', () => resolve())
    keeper.once('exit', code => reject(new Error(`the machine could not be made: unshare ended with ${code}`)))
    keeper.once('error', reject)
  })
}
