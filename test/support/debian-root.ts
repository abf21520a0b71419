// A bare Debian, as debootstrap makes it, with curl and nothing else. Made once: it takes minutes and an archive mirror.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../architecture/tree.ts'

const SUITE = 'bookworm'

/** Its directory; nobody may change anything in it. Needs root, and a mirror the first time. */
export function bareDebian(): string {
  const cache = join(ROOT, 'node_modules/.cache')
  const root = join(cache, `debian-${SUITE}`)
  if (existsSync(root)) return root
  const fresh = `${root}.${process.pid}`
  mkdirSync(cache, { recursive: true })
  try {
    execFileSync('/usr/sbin/debootstrap', ['--variant=minbase', '--include=curl', SUITE, fresh], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' },
    })
    renameSync(fresh, root)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    throw error
  }
  return root
}
