const TAIL = 4
const SHORT = 10

/**
 * A name in two parts, of which only the first may be cut short: what tells "backup-nas-12" from "backup-nas-13" stands
 * at its end. In a domain name it stands at the front, so there nothing is kept back.
 */
export function splitName(name: string): [head: string, tail: string] {
  if (name.length <= SHORT || name.includes('.')) return [name, '']
  return [name.slice(0, -TAIL), name.slice(-TAIL)]
}
