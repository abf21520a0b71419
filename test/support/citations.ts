// Which pasal, ayat and huruf a regulation has, read from its text: numbers and letters only, no sentences.

/** Pasal -> ayat -> the letters of its huruf; ayat "0" is a pasal without ayat. */
export type CitationTable = Record<string, Record<string, string>>

export function citationsIn(text: string): CitationTable {
  const table: CitationTable = {}
  let ayats: Record<string, string> | null = null
  let ayat = '0'
  for (const line of text.split('\n')) {
    const pasal = /^#*\s*Pasal (\d+)\s*$/.exec(line)?.[1]
    if (pasal !== undefined) {
      // A number that occurs twice (Blitar's second Pasal 34) adds to the first.
      ayats = table[pasal] ?? {}
      table[pasal] = ayats
      ayat = '0'
      continue
    }
    if (ayats === null) continue
    const number = /^[\s-]*\((\d+)\)/.exec(line)?.[1]
    const huruf = /^[\s-]*([a-z])\.\s/.exec(line)?.[1]
    if (number !== undefined) {
      ayat = number
      ayats[ayat] ??= ''
    } else if (huruf !== undefined) {
      const letters: string = ayats[ayat] ?? ''
      ayats[ayat] = letters.includes(huruf) ? letters : letters + huruf
    } else if (line.trim() !== '' && Object.keys(ayats).length === 0) {
      ayats['0'] = ''
    }
  }
  return table
}

/** The file of each regulation's text, where the texts lie beside the repository. */
export const TEXT_FILES: Record<string, string> = {
  'surakarta-2022-8': '000_addde42ef13c6faa.txt',
  'depok-2021-40': '001_132e4e5757b853bb.txt',
  'sragen-2022-53': '002_1a62d12ca41222df.txt',
  'blitar-2020-49': '003_e5583f9657add38c.txt',
  'palopo-2020-26': '004_2c58024776be1e0f.txt',
}

/** Blitar's Pasal 25 lost the numbers of its first four ayat in the file: they are counted by position. */
export function withLostNumbers(id: string, table: CitationTable): CitationTable {
  if (id !== 'blitar-2020-49') return table
  const { 0: _unnumbered, ...numbered } = table['25'] ?? {}
  return { ...table, '25': { '1': '', '2': '', '3': '', '4': '', ...numbered } }
}
