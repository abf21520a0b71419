const TAIL = 4
const LONGEST_TAIL = 6
const SHORT = 10

/**
 * A name in two parts, of which only the first may be cut short: what tells "backup-nas-12" from "backup-nas-13" stands
 * at its end, a whole word where it is a short one. In a domain name it stands at the front, so there nothing is kept back.
 */
export function splitName(name: string): [head: string, tail: string] {
  if (name.length <= SHORT || name.includes('.')) return [name, '']
  const lastPart = name.length - Math.max(name.lastIndexOf('-'), name.lastIndexOf(' '), name.lastIndexOf('_'))
  const tail = lastPart > 1 && lastPart <= LONGEST_TAIL ? lastPart : TAIL
  return [name.slice(0, -tail), name.slice(-tail)]
}
