/** What was typed, apart at blanks, commas and lines. A single plain address is tested, anything else is swept. */
export function readAddresses(text: string): { ranges: string[]; single: string | null } {
  const ranges = text.split(/[\s,;]+/).filter(part => part !== '')
  const [first] = ranges
  const isPlain = first !== undefined && /^[0-9a-f.:]+$/i.test(first)
  return { ranges, single: ranges.length === 1 && isPlain ? first : null }
}

/**
 * The addresses and subnets in a file, whatever stands beside them: a list, or a table of a spreadsheet with names and
 * dates. Each once, in the order of the file.
 */
export function addressesOf(text: string): string[] {
  const isByte = (part: string): boolean => Number(part) <= 255
  const found = text.split(/[\s,;"'|]+/).filter(word => {
    const [address = '', prefix = '32'] = word.split('/')
    const isIpv4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split('.').every(isByte)
    const isIpv6 = /^[0-9a-f:]+$/i.test(address) && /::|(?:[0-9a-f]+:){7}/i.test(address)
    return (isIpv4 || isIpv6) && /^\d{1,3}$/.test(prefix)
  })
  return [...new Set(found)]
}
