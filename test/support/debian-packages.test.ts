import { describe, expect, it } from 'vitest'
import { ensurePackages, type Machine, NEEDED } from './debian-packages.ts'

/** A machine on which some packages are there; apt-get works as `apt` says. */
function machine(
  has: string[],
  options: { isRoot?: boolean; isDebian?: boolean; apt?: (args: string[], there: Set<string>) => number } = {},
) {
  const there = new Set(has)
  const ran: string[] = []
  const said: string[] = []
  const installs = (args: string[]) => {
    for (const name of args.slice(args.indexOf('--no-install-recommends') + 1)) there.add(name)
    return 0
  }
  const fake: Machine = {
    isRoot: options.isRoot ?? true,
    isDebian: options.isDebian ?? true,
    succeeds: (command, args) =>
      NEEDED.some(need => need.probe.join(' ') === [command, ...args].join(' ') && there.has(need.package)),
    run: (command, args) => {
      const plain = args.filter((arg, i) => arg !== '-o' && args[i - 1] !== '-o')
      ran.push([command, ...plain].join(' '))
      return options.apt?.(plain, there) ?? installs(plain)
    },
    say: line => said.push(line),
  }
  return { fake, ran, said: () => said.join('\n') }
}

const allBut = (...names: string[]) => NEEDED.map(need => need.package).filter(name => !names.includes(name))

describe('the Debian packages that tests use', () => {
  it('cost nothing when they are there, also on a machine that is no Debian', () => {
    const complete = machine(
      NEEDED.map(need => need.package),
      { isDebian: false, isRoot: false },
    )
    expect(ensurePackages(complete.fake)).toBe(0)
    expect(complete.ran).toEqual([])
    expect(complete.said()).toBe('')
  })

  it('are installed where that is possible: what is missing and nothing else, without an update if that works', () => {
    const bare = machine(allBut('chromium', 'python3-aiosmtpd'))
    expect(ensurePackages(bare.fake)).toBe(0)
    expect(bare.ran).toEqual(['apt-get install -y --no-install-recommends chromium python3-aiosmtpd'])
  })

  it('are installed after an update when the lists are stale', () => {
    let updated = false
    const stale = machine(allBut('python3-aiosmtpd'), {
      apt: (args, there) => {
        if (args[0] === 'update') updated = true
        else if (updated) there.add('python3-aiosmtpd')
        return updated ? 0 : 100
      },
    })
    expect(ensurePackages(stale.fake)).toBe(0)
    expect(stale.ran.map(line => line.split(' ')[1])).toEqual(['install', 'update', 'install'])
  })

  it('make the tests fail, never skip, when nobody may install them, with a line to copy', () => {
    const user = machine(['chromium', 'openssl'], { isRoot: false })
    expect(ensurePackages(user.fake)).toBe(1)
    expect(user.ran).toEqual([])
    expect(user.said()).toContain(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends python3-aiosmtpd iproute2',
    )
    expect(user.said()).toContain('a real SMTP server takes the mail')
  })

  it('make the tests fail when apt-get cannot, or when what it brought does not work', () => {
    const offline = machine([], { apt: () => 100 })
    expect(ensurePackages(offline.fake)).toBe(1)
    const broken = machine([], { apt: () => 0 })
    expect(ensurePackages(broken.fake)).toBe(1)
    expect(broken.said()).toContain('not working on this machine: chromium, python3-aiosmtpd, openssl, iproute2')
  })
})
