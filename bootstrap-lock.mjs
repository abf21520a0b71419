// One bootstrap of a tree at a time, also when some of them are killed. Has no dependencies and must parse on Node 20.
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The text of a file, empty where there is none. */
export function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

/** A process by its number and the moment it started, so that a reused number is not taken for it. */
function identity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return `${pid}:`
  }
}

function isAlive(holder) {
  const [pid, started] = holder.split(':')
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if (error.code === 'ESRCH') return false
  }
  return !started || identity(pid) === holder
}

/**
 * Runs `work` while no other bootstrap with this folder does; `onWait` is told once when it has to wait. Locks are numbered:
 * one takes the next number by a hard link and the newest is never deleted by another, so a dead holder's lock can be passed
 * without a race. `work` gets a function that adds a child to the holders: the lock outlives a killed bootstrap as long as its
 * npm still writes.
 */
export async function alone({ folder, onWait }, work) {
  mkdirSync(folder, { recursive: true })
  const own = join(folder, `lock-of-${process.pid}`)
  const numbers = () =>
    readdirSync(folder)
      .map(name => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0))
      .sort((a, b) => b - a)
  const holders = [identity(process.pid)]
  let told = false
  for (;;) {
    const newest = numbers()[0] ?? 0
    if (
      read(join(folder, `lock.${newest}`))
        .split('\n')
        .filter(Boolean)
        .some(isAlive)
    ) {
      if (!told) onWait()
      told = true
      await new Promise(resolve => setTimeout(resolve, 200))
      continue
    }
    const lock = join(folder, `lock.${newest + 1}`)
    writeFileSync(own, holders.join('\n'))
    try {
      linkSync(own, lock)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      continue
    }
    if (numbers()[0] !== newest + 1) {
      rmSync(lock, { force: true })
      continue
    }
    for (const older of numbers())
      if (older > 0 && older <= newest) rmSync(join(folder, `lock.${older}`), { force: true })
    const replace = text => {
      writeFileSync(own, text)
      renameSync(own, lock)
    }
    rmSync(own, { force: true })
    try {
      return await work(child => {
        holders.push(identity(child.pid))
        replace(holders.join('\n'))
      })
    } finally {
      replace('')
    }
  }
}
