import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import type { ProcessName } from './process-names.ts'
import { readOptional, readText } from './read-text.ts'

/** The kernel cuts the name of a process there (TASK_COMM_LEN less the end). */
const LONGEST_COMM = 15

export type Process = { comm: string; cmdline: string | undefined; residentBytes: number }

/** How many run and how many wait for a disk, from proc_stat(5). */
export function parseRunning(stat: string): Gauge[] {
  return ['running', 'blocked'].map(state => {
    const match = new RegExp(`^procs_${state} (\\d+)$`, 'm').exec(stat)
    if (match === null) throw new Error(`/proc/stat has no line procs_${state}`)
    return { metric: `node_procs_${state}`, value: Number(match[1]) }
  })
}

/** From proc_pid_status(5) and proc_pid_cmdline(5). A thread of the kernel has no memory of its own. */
export function parseProcess(status: string, cmdline: string | undefined): Process {
  const comm = /^Name:\t(.*)$/m.exec(status)?.[1]
  if (comm === undefined) throw new Error('/proc/PID/status has no line Name')
  const residentKib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
  return { comm, cmdline: cmdline?.replaceAll('\0', ' ').trim(), residentBytes: residentKib * 1024 }
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
  const readProcess = async (pid: string): Promise<Process | undefined> => {
    const [status, cmdline] = await Promise.all([
      readOptional(join(procRoot, pid, 'status')),
      needsCmdline ? readOptional(join(procRoot, pid, 'cmdline')) : undefined,
    ])
    // Undefined when it ended while we looked.
    return status === undefined ? undefined : parseProcess(status, cmdline)
  }
  return {
    name: 'processes',
    async read() {
      const [stat, entries] = await Promise.all([readText(join(procRoot, 'stat')), readdir(procRoot)])
      const pids = entries.filter(entry => /^\d+$/.test(entry))
      const processes: Process[] = []
      if (names.length > 0) {
        for (const pid of pids) {
          const process = await readProcess(pid)
          if (process !== undefined) processes.push(process)
        }
      }
      return {
        gauges: [
          ...parseRunning(stat),
          { metric: 'node_processes_pids', value: pids.length },
          ...namedGauges(processes, names),
        ],
      }
    },
  }
}
