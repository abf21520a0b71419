import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HEAD_BYTES, scanSegment } from '../../../agent/spool/record.ts'
import { startAgentProcess } from './agent-process.ts'
import { eventually } from './eventually.ts'
import { type RecordingCollector, startRecordingCollector } from './recording-collector.ts'
import { scratchDirectory } from './scratch.ts'

/** After its start: a few ticks, some of them while the one before is being delivered. */
const LONGEST_LIFE_MS = 700

export type KillStory = {
  kills: number
  /** Body of each batch by its number, as the collector acknowledged it. */
  acknowledged: Map<number, string>
  /** Body of each batch that stood on disk after some kill, by its number. */
  seenOnDisk: Map<number, string>
  resent: number
  /** Numbers that stand for different contents, on disk or on the wire: must stay empty. */
  altered: number[]
}

function batchesOnDisk(data: string): [number: number, bodyText: string][] {
  const directory = join(data, 'spool')
  return readdirSync(directory)
    .filter(name => name.endsWith('.segment'))
    .flatMap(name => {
      const bytes = readFileSync(join(directory, name))
      return scanSegment(bytes).records.map(({ number, offset, bytes: length }): [number, string] => [
        number,
        bytes.subarray(offset + HEAD_BYTES, offset + length).toString(),
      ])
    })
}

/**
 * A real agent that measures every 100 ms is killed at random moments, while the collector comes and goes; in the end
 * both stay, and everything that was ever on disk has to arrive. `program` is what Node runs, from source if not given.
 */
export async function tellKillStory(kills: number, random: () => number, program?: string[]): Promise<KillStory> {
  const data = scratchDirectory()
  const story: KillStory = { kills, acknowledged: new Map(), seenOnDisk: new Map(), resent: 0, altered: [] }
  const take = (collector: RecordingCollector): void => {
    for (const { batch, bodyText } of collector.acknowledged.splice(0)) {
      const before = story.acknowledged.get(batch.number)
      if (before !== undefined) story.resent += 1
      if (before !== undefined && before !== bodyText) story.altered.push(batch.number)
      story.acknowledged.set(batch.number, bodyText)
    }
  }

  let collector = await startRecordingCollector()
  const { port, url } = collector
  let up = true
  const args = ['--collector', url, '--data', data, '--interval-ms', '100']
  for (let life = 0; life < kills; life += 1) {
    const agent = startAgentProcess(args, { PANTAU_AGENT_TOKEN: 'token' }, program)
    // Most are killed while they measure, some while they start.
    if (random() < 0.7) await eventually('the start', () => agent.output().includes('agent started'))
    if (life === 0) await eventually('the enrolment', () => agent.output().includes('enrolled'))
    await sleep(random() * LONGEST_LIFE_MS)
    agent.child.kill('SIGKILL')
    await agent.ended
    for (const [number, bodyText] of batchesOnDisk(data)) {
      if ((story.seenOnDisk.get(number) ?? bodyText) !== bodyText) story.altered.push(number)
      story.seenOnDisk.set(number, bodyText)
    }
    take(collector)
    // It goes away early once, so that in any story something waits on disk.
    if (life === 1 || random() < 0.4) {
      if (up) await collector.close()
      else collector = await startRecordingCollector(port)
      up = !up
    }
  }
  if (!up) collector = await startRecordingCollector(port)
  const last = startAgentProcess(args, {}, program)
  const missing = (): number[] => {
    take(collector)
    return [...story.seenOnDisk].filter(([number]) => !story.acknowledged.has(number)).map(([number]) => number)
  }
  const isWhole = (): boolean => missing().length === 0 && story.acknowledged.size > kills
  await eventually('everything that was on disk', isWhole, 120_000)
  last.child.kill('SIGTERM')
  await last.ended
  take(collector)
  for (const [number, bodyText] of story.seenOnDisk) {
    if (story.acknowledged.get(number) !== bodyText) story.altered.push(number)
  }
  return story
}

/** Stretches of numbers without a hole. */
export function countRuns(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted.filter((number, index) => number !== (sorted[index - 1] ?? Number.NaN) + 1).length
}
