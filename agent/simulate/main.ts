import { readFile } from 'node:fs/promises'
import { reasonOf } from '../platform/logger.ts'
import { HELP, nameOf, parseSimulateConfig, SimulateConfigError } from './config.ts'
import { type LineProblem, parseRecording } from './recording.ts'
import { simulate } from './simulate.ts'
import { createSimulatedDevice, type SimulatedDevice } from './simulated-device.ts'

const say = (line: string): boolean => process.stdout.write(`${line}\n`)
const complain = (line: string): boolean => process.stderr.write(`pantau simulate: ${line}\n`)
/** Beyond this many devices their ports are told as a range. */
const MOST_LISTED = 50

/** The command `pantau simulate`; resolves to its exit code when it was stopped. */
export async function runSimulate(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let config: ReturnType<typeof parseSimulateConfig>
  try {
    config = parseSimulateConfig(argv, env)
  } catch (error) {
    if (!(error instanceof SimulateConfigError)) throw error
    complain(`${error.message}\n\n${HELP}`)
    return 2
  }
  if (config === 'help') {
    process.stdout.write(HELP)
    return 0
  }
  const { devices, problems } = await readDevices(config.files, config.count)
  for (const { file, line, message } of problems) complain(`${file}:${line}: ${message}`)
  if (devices === undefined) return 1

  const startedMs = performance.now()
  const upS = (): number => (performance.now() - startedMs) / 1_000
  const { address, port, community, user } = config
  const onError = (error: Error): boolean => complain(error.message)
  try {
    const way = { devices, address, port, community, upS, onError }
    const running = await simulate(user === undefined ? way : { ...way, user })
    for (const [index, device] of devices.slice(0, MOST_LISTED).entries())
      say(`SIMULASI ${address}:${running.ports[index]} ${device.name}`)
    if (devices.length > MOST_LISTED)
      say(`SIMULASI ${address}:${running.ports.at(-1)} is the last of ${devices.length}`)
    say('ready')
    await new Promise<void>(resolve => {
      process.once('SIGINT', () => resolve())
      process.once('SIGTERM', () => resolve())
    })
    await running.close()
    return 0
  } catch (error) {
    complain(reasonOf(error))
    return 1
  }
}

/** A line that can't be read is a hole, as real devices have them, and is told; no devices where a file has nothing else. */
async function readDevices(
  files: readonly string[],
  count: number | undefined,
): Promise<{ devices: SimulatedDevice[] | undefined; problems: LineProblem[] }> {
  const problems: LineProblem[] = []
  const recordings: { name: string; variables: ReturnType<typeof parseRecording>['variables'] }[] = []
  for (const file of files) {
    try {
      const read = parseRecording(await readFile(file), file)
      problems.push(...read.problems)
      recordings.push({ name: nameOf(file), variables: read.variables })
    } catch (error) {
      problems.push({ file, line: 1, message: `can't be read: ${reasonOf(error)}` })
    }
  }
  if (recordings.length < files.length || recordings.some(({ variables }) => variables.length === 0))
    return { devices: undefined, problems }
  const devices = Array.from({ length: count ?? recordings.length }, (_, index) => {
    const recording = recordings[index % recordings.length]
    const twin = Math.floor(index / recordings.length)
    const name = twin === 0 ? (recording?.name ?? '') : `${recording?.name}-${twin + 1}`
    return createSimulatedDevice(name, recording?.variables ?? [])
  })
  return { devices, problems }
}
