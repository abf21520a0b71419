// The collector's own figures in the Prometheus text format 0.0.4.

type Sample = { labels: Record<string, string>; value: number }
type Family = { name: string; help: string; type: 'counter' | 'gauge'; read: () => Sample[] | Promise<Sample[]> }

export type Counter = {
  add(labels?: Record<string, string>, by?: number): void
  /** For what is counted all the time: the same as `add` with these labels. */
  of(labels: Record<string, string>): (by?: number) => void
}

export type Metrics = {
  counter(name: string, help: string): Counter
  /** A gauge is read when it is asked for; one that throws is left out that time. Each name can be taken once. */
  gauge(name: string, help: string, read: () => Sample[] | number | Promise<Sample[] | number>): void
  text(): Promise<string>
}

export function createMetrics(): Metrics {
  const families = new Map<string, Family>()

  function register(family: Family): void {
    if (families.has(family.name)) throw new Error(`the metric ${family.name} is there already`)
    families.set(family.name, family)
  }

  return {
    counter(name, help) {
      const values = new Map<string, Sample>()
      register({ name, help, type: 'counter', read: () => [...values.values()] })
      const sampleOf = (labels: Record<string, string>): Sample => {
        const key = JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)))
        const sample = values.get(key) ?? { labels, value: 0 }
        values.set(key, sample)
        return sample
      }
      return {
        add(labels = {}, by = 1) {
          sampleOf(labels).value += by
        },
        of(labels) {
          const sample = sampleOf(labels)
          return (by = 1) => {
            sample.value += by
          }
        },
      }
    },
    gauge(name, help, read) {
      register({
        name,
        help,
        type: 'gauge',
        read: async () => {
          const value = await read()
          return typeof value === 'number' ? [{ labels: {}, value }] : value
        },
      })
    },
    async text() {
      const blocks = await Promise.all(
        [...families.values()].map(async family => {
          const samples = await readOrNothing(family)
          const lines = samples.map(sample => `${family.name}${labelText(sample.labels)} ${valueText(sample.value)}`)
          return [`# HELP ${family.name} ${family.help}`, `# TYPE ${family.name} ${family.type}`, ...lines].join('\n')
        }),
      )
      return `${blocks.join('\n')}\n`
    },
  }
}

/** What can't be read is left out: the other figures are needed most when something is broken. */
async function readOrNothing(family: Family): Promise<Sample[]> {
  try {
    return await family.read()
  } catch {
    return []
  }
}

function valueText(value: number): string {
  return Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
