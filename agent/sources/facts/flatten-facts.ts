/** A slowly changing truth by dotted name; its time is added by who sends it. */
export type Fact = { name: string; value: string | number | boolean }

/** What facts-child.ts prints: the answers of systeminformation, as they are. Any part may be missing. */
export type RawFacts = {
  osInfo?: unknown
  cpu?: unknown
  system?: unknown
  networkInterfaces?: unknown
  diskLayout?: unknown
}

/** What makers of boards and systeminformation write where there is nothing to say. */
const UNKNOWN =
  /^(-|\.|0+|n\/?a|none|null|undefined|unknown|default string|not (specified|available|applicable|present)|to be filled by o\.?e\.?m\.?|system (serial number|product name|manufacturer)|0{8}-0{4}-0{4}-0{4}-0{12})$/i
const LONGEST_VALUE = 4_096
const LONGEST_NAME = 200

type Fields = Record<string, unknown>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value : [value]).map(fieldsOf)
/** The names of devices have letters that names of facts may not have. */
const nameOf = (text: unknown): string => String(text).replace(/[^a-zA-Z0-9_.:-]/g, '_')

export function flattenFacts(raw: RawFacts): Fact[] {
  const facts = new Map<string, Fact>()
  const add = (name: string, value: unknown): void => {
    const known = knownValue(value)
    if (known !== undefined && name.length <= LONGEST_NAME) facts.set(name, { name, value: known })
  }

  const os = fieldsOf(raw.osInfo)
  for (const field of ['distro', 'release', 'codename', 'kernel', 'arch', 'hostname', 'fqdn'])
    add(`os.${field}`, os[field])

  const cpu = fieldsOf(raw.cpu)
  for (const field of ['manufacturer', 'brand', 'cores', 'physicalCores', 'processors']) add(`cpu.${field}`, cpu[field])

  const system = fieldsOf(raw.system)
  for (const field of ['manufacturer', 'model', 'version', 'serial', 'uuid']) add(`system.${field}`, system[field])
  if (system.virtual === true) add('system.virtual', true)
  if (system.virtual === true) add('system.virtualHost', system.virtualHost)

  for (const net of listOf(raw.networkInterfaces)) {
    if (net.iface === undefined || net.internal === true) continue
    for (const field of ['mac', 'ip4', 'ip6']) add(`net.${nameOf(net.iface)}.${field}`, net[field])
  }
  for (const disk of listOf(raw.diskLayout)) {
    if (typeof disk.device !== 'string') continue
    const device = nameOf(disk.device.replace(/^\/dev\//, ''))
    for (const field of ['type', 'name', 'vendor', 'serialNum', 'interfaceType'])
      add(`disk.${device}.${field}`, disk[field])
    add(`disk.${device}.sizeBytes`, disk.size)
  }
  return [...facts.values()]
}

function knownValue(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim().slice(0, LONGEST_VALUE)
  return text === '' || UNKNOWN.test(text) || /^(00:){5}00$/.test(text) ? undefined : text
}
