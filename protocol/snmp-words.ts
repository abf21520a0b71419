// The closed lists and numbers of SNMP that an agent and the pages need at run time. Without zod.

/** What a device is. `server` is also what an agent speaks for. */
export const DEVICE_KINDS = ['server', 'router', 'switch', 'access-point', 'ups', 'sensor', 'nas'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

export const SNMP_VERSIONS = ['v1', 'v2c', 'v3'] as const
/** Of SNMPv3 (RFC 3411): nothing proven, proven, proven and hidden. */
export const SECURITY_LEVELS = ['noAuth', 'auth', 'authPriv'] as const
/** RFC 7860 and the SHA-1 of RFC 3414. MD5 is not offered: it can be forged. */
export const AUTH_PROTOCOLS = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const
/** AES-128 of RFC 3826; AES-256 by the draft that net-snmp follows, and by the way in which Cisco stretches its keys. */
export const PRIVACY_PROTOCOLS = ['aes128', 'aes256', 'aes256-cisco'] as const
export type AuthProtocol = (typeof AUTH_PROTOCOLS)[number]
export type PrivacyProtocol = (typeof PRIVACY_PROTOCOLS)[number]

/** Why a device can't be read, as far as it can be told. */
export const SNMP_TROUBLES = [
  /** The network says that there is no way to this address. */
  'no-route',
  /** The address refuses: nothing listens on this port. */
  'port-closed',
  /** Silence, also to a question that needs no secret: switched off, another port, or a firewall. */
  'no-answer',
  /** It answers questions that need no secret, but is silent to this community. */
  'wrong-community',
  'wrong-user',
  'wrong-key',
  'wrong-privacy-key',
  /** It knows this user, but not at this level of security. */
  'wrong-level',
  /** It answers, but hides its identity or all of its interfaces from this credential. */
  'view-too-small',
  /** What comes is no SNMP. */
  'garbage',
  /** The answer came from another address than was asked. */
  'other-address',
] as const
export type SnmpTrouble = (typeof SNMP_TROUBLES)[number]

/** Groups of figures. What a device does not offer is named, and is neither zero nor an error. */
export const FIGURES = [
  ...['interfaces', 'counters-64-bit', 'errors', 'discards'],
  ...['cpu', 'memory', 'temperature', 'voltage', 'fan', 'ups', 'wireless-clients', 'neighbours'],
] as const
export type Figure = (typeof FIGURES)[number]

/** `admin-down`: switched off on purpose. */
export const INTERFACE_STATES = ['up', 'down', 'admin-down', 'not-present', 'unknown'] as const
export type InterfaceState = (typeof INTERFACE_STATES)[number]

export const NEIGHBOUR_PROTOCOLS = ['lldp', 'cdp', 'mndp'] as const
export const SENSOR_KINDS = ['temperature', 'voltage', 'fan', 'current', 'power', 'humidity'] as const

/** What happens at one moment and is told of at once; it makes polling hurry and never takes its place. */
export const WIRE_EVENTS = [
  ...['link-down', 'link-up', 'cold-start', 'warm-start', 'authentication-failure'],
  ...['ups-on-battery', 'ups-on-mains', 'other-trap'],
] as const
export type WireEventKind = (typeof WIRE_EVENTS)[number]

/** Lists that a collector can assign; an agent names the ones that it knows. */
export const ASSIGNMENT_LISTS = ['snmp', 'probes', 'upgrade'] as const
export type AssignmentList = (typeof ASSIGNMENT_LISTS)[number]

export const SNMP_PORT = 161
export const TRAP_PORT = 162
export const SNMP_LIMITS = {
  targets: 5_000,
  /** Addresses of one sweep: a /22. */
  addresses: 1_024,
  credentials: 10,
  community: 64,
  user: 32,
  /** RFC 3414 asks for eight letters at least. */
  leastKey: 8,
  key: 128,
  intervalMs: [5_000, 3_600_000],
  timeoutMs: [200, 10_000],
  retries: [0, 5],
  perSecond: [1, 200],
  interfaces: 2_000,
  neighbours: 1_000,
  sensors: 500,
  discoveries: 20,
  events: 1_000,
} as const
/** What is assumed of a target unless somebody says otherwise. */
export const SNMP_DEFAULTS = { intervalMs: 30_000, timeoutMs: 1_000, retries: 2, perSecond: 50 } as const
