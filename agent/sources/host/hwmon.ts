import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { readOptional } from './read-text.ts'

const SENSOR = /^(temp|fan)(\d+)_input$/

/** One chip as /sys/class/hwmon shows it (Documentation/hwmon/sysfs-interface of the kernel): file name to its text. */
export type Chip = { name: string; files: ReadonlyMap<string, string> }

/** Temperatures come in thousandths of a degree, fans in turns a minute. A sensor without a sound reading has no figure. */
export function chipGauges({ name, files }: Chip): Gauge[] {
  const gauges: Gauge[] = []
  for (const [file, text] of files) {
    const [, kind, number] = SENSOR.exec(file) ?? []
    const value = /^-?\d+$/.test(text) ? Number(text) : undefined
    if (kind === undefined || number === undefined || value === undefined) continue
    const sensor = `${kind}${number}`
    const labels = { chip: name, sensor, ...label(files.get(`${sensor}_label`)) }
    if (kind === 'fan') {
      gauges.push({ metric: 'node_hwmon_fan_rpm', labels, value })
      continue
    }
    gauges.push({ metric: 'node_hwmon_temp_celsius', labels, value: value / 1_000 })
    for (const limit of ['max', 'crit'] as const) {
      const most = Number(files.get(`${sensor}_${limit}`) ?? Number.NaN)
      // Many boards say 0 or something absurd where they have no limit.
      if (most > 0 && most < 200_000)
        gauges.push({ metric: `node_hwmon_temp_${limit}_celsius`, labels, value: most / 1_000 })
    }
  }
  return gauges
}

const label = (text: string | undefined): { label?: string } =>
  text === undefined || text === '' ? {} : { label: text }

/** node_hwmon_*: temperatures and fans; not offered where the kernel knows no sensor. */
export function createHwmonSource(deps: { sysRoot: string }): Source {
  const readChip = async (directory: string): Promise<Chip> => {
    const names = await readdir(directory).catch((): string[] => [])
    const sensors = names.flatMap(name => (SENSOR.test(name) ? name.replace(/_input$/, '') : []))
    const wanted = sensors.flatMap(sensor => ['input', 'label', 'max', 'crit'].map(part => `${sensor}_${part}`))
    const files = new Map<string, string>()
    // One after another: a chip on a slow bus answers one question at a time anyway.
    for (const name of wanted.filter(one => names.includes(one))) {
      const text = await readOptional(join(directory, name))
      if (text !== undefined) files.set(name, text)
    }
    return { name: (await readOptional(join(directory, 'name'))) ?? 'unknown', files }
  }
  return {
    name: 'hwmon',
    rhythm: { everyMs: 30_000, withinMs: 10_000, firstAfterMs: 500 },
    async read() {
      const root = join(deps.sysRoot, 'class/hwmon')
      const directories = (await readdir(root).catch((): string[] => [])).sort()
      const chips: Chip[] = []
      for (const directory of directories) chips.push(await readChip(join(root, directory)))
      const gauges = distinct(chips).flatMap(chipGauges)
      return gauges.length === 0 ? 'not-offered' : { gauges }
    },
  }
}

/** Two disks have two chips of one name: then the second is called after its place. */
function distinct(chips: Chip[]): Chip[] {
  const seen = new Map<string, number>()
  return chips.map(chip => {
    const before = seen.get(chip.name) ?? 0
    seen.set(chip.name, before + 1)
    return before === 0 ? chip : { ...chip, name: `${chip.name}_${before + 1}` }
  })
}
