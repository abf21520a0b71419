import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'
import type { ProcessName } from './process-names.ts'
import { readAtOnce, readOptional } from './read-text.ts'

/** The kernel cuts the name of a process there (TASK_COMM_LEN less the end). */
const LONGEST_COMM = 15
const CMDLINES_AT_ONCE = 8

export type Process = { comm: string; cmdline: string | undefined; residentBytes: number }

/** How many run and how many wait for a disk, from proc_stat(5). */
export function parseRunning(stat: string): Gauge[] {
  return ['running', 'blocked'].map(state => {
    const match = new RegExp(`^procs_${state} (\\d+)$`, 'm').exec(stat)
    if (match === null) throw new Error(`/proc/stat has no line procs_${state}`)
    return { metric: `node_procs_${state}`, value: Number(match[1]) }
  })
}

/** Name, start and pages of memory from proc_pid_stat(5); the name stands in brackets and may hold any of them. */
export function parseProcess(stat: string): { comm: string; startTicks: string; residentPages: number } {
  const [open, close] = [stat.indexOf('('), stat.lastIndexOf(')')]
  const fields = stat.slice(close + 2).split(' ')
  const [startTicks, pages] = [fields[19], fields[21]]
  if (open < 0 || close < open || startTicks === undefined || pages === undefined) {
    throw new Error('/proc/PID/stat has an unknown form')
  }
  return { comm: stat.slice(open + 1, close), startTicks, residentPages: Number(pages) }
}

const AT_PAGESZ = 6n

/** From proc_pid_auxv(5): pairs of 64-bit words. 4 KiB nearly everywhere, 64 KiB on some arm64. */
export function parsePageBytes(auxv: Buffer): number {
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    if (auxv.readBigUInt64LE(at) === AT_PAGESZ) return Number(auxv.readBigUInt64LE(at + 8))
  }
  return 4_096
}

export function isNamed({ comm, cmdline }: Pick<Process, 'comm' | 'cmdline'>, name: ProcessName): boolean {
  if (name.cmdline !== undefined) return cmdline?.includes(name.cmdline) === true
  return comm === name.name.slice(0, LONGEST_COMM)
}

/** Number and memory of each named group; one of which nothing runs has the number 0, for that is what people ask. */
export function namedGauges(processes: readonly Process[], names: readonly ProcessName[]): Gauge[] {
  return names.flatMap(name => {
    const group = processes.filter(process => isNamed(process, name))
    const labels = { groupname: name.name }
    const bytes = group.reduce((sum, { residentBytes }) => sum + residentBytes, 0)
    return [
      { metric: 'namedprocess_namegroup_num_procs', labels, value: group.length },
      {
        metric: 'namedprocess_namegroup_memory_bytes',
        labels: { ...labels, memtype: 'resident' },
        value: bytes,
      },
    ]
  })
}

/**
 * node_procs_*, node_processes_pids and, for the named ones, the names that process-exporter uses. One walk through
 * /proc a tick; nothing of a process is read while no name was configured.
 */
export function createProcessesSource(deps: { procRoot: string; names: readonly ProcessName[] }): Source {
  const { procRoot, names } = deps
  const needsCmdline = names.some(({ cmdline }) => cmdline !== undefined)
  const file = createKernelFile(join(procRoot, 'stat'))
  /** Command lines by process and start: they are read once, for that may wait for a process that is stuck. */
  let cmdlines = new Map<string, string>()
  let pageBytes: number | undefined

  const readNamed = async (pids: readonly string[]): Promise<Process[]> => {
    pageBytes ??= await readFile(join(procRoot, 'self/auxv')).then(parsePageBytes, () => 4_096)
    const seen = new Map<string, string>()
    const processes: Process[] = []
    const unread: { pid: string; key: string; process: Process }[] = []
    for (const pid of pids) {
      const stat = readAtOnce(join(procRoot, pid, 'stat'))
      // It ended while we looked.
      if (stat === undefined) continue
      const { comm, startTicks, residentPages } = parseProcess(stat)
      const key = `${pid} ${startTicks}`
      // A thread of the kernel has no memory and no command line.
      const cmdline = needsCmdline && residentPages === 0 ? '' : cmdlines.get(key)
      const process = { comm, cmdline, residentBytes: residentPages * pageBytes }
      if (cmdline !== undefined) seen.set(key, cmdline)
      else if (needsCmdline) unread.push({ pid, key, process })
      processes.push(process)
    }
    while (unread.length > 0) {
      await Promise.all(
        unread.splice(0, CMDLINES_AT_ONCE).map(async ({ pid, key, process }) => {
          const text = await readOptional(join(procRoot, pid, 'cmdline'))
          process.cmdline = text?.replaceAll('\0', ' ').trim() ?? ''
          seen.set(key, process.cmdline)
        }),
      )
    }
    cmdlines = seen
    return processes
  }

  return {
    name: 'processes',
    async read() {
      const pids = readdirSync(procRoot).filter(entry => /^\d+$/.test(entry))
      const processes = names.length > 0 ? await readNamed(pids) : []
      return {
        gauges: [
          ...parseRunning(file.read()),
          { metric: 'node_processes_pids', value: pids.length },
          ...namedGauges(processes, names),
        ],
      }
    },
  }
}
