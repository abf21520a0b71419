/** A process that is counted: by the name the kernel has for it, or by a text in its command line. */
export type ProcessName = { name: string; cmdline: string | undefined }

const MOST_NAMES = 50

/** From "nginx" or "api=node /srv/api"; what is wrong with them as a text. */
export function parseProcessNames(list: readonly string[]): readonly ProcessName[] | string {
  if (list.length > MOST_NAMES) return `at most ${MOST_NAMES} processes can be named`
  const names: ProcessName[] = []
  for (const one of list) {
    const [name = '', ...rest] = one.split('=')
    const cmdline = rest.join('=')
    if (name.trim() === '' || (rest.length > 0 && cmdline.trim() === ''))
      return `"${one}" must be NAME, or NAME=TEXT of the command line`
    if (names.some(known => known.name === name.trim())) return `"${name.trim()}" is named twice`
    names.push({ name: name.trim(), cmdline: rest.length > 0 ? cmdline : undefined })
  }
  return names
}
