/** What was typed, apart at blanks, commas and lines. A single plain address is tested, anything else is swept. */
export function readAddresses(text: string): { ranges: string[]; single: string | null } {
  const ranges = text.split(/[\s,;]+/).filter(part => part !== '')
  const [first] = ranges
  const isPlain = first !== undefined && /^[0-9a-f.:]+$/i.test(first)
  return { ranges, single: ranges.length === 1 && isPlain ? first : null }
}
