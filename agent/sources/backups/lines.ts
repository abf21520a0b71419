// Lists of millions of files are read line by line, never kept whole.
import { StringDecoder } from 'node:string_decoder'

const LONGEST_LINE = 1024 * 1024

export type Lines = { take(part: Buffer): void; end(): void }

/** Calls `onLine` for each line without its break. What is longer than any honest line is cut into pieces. */
export function createLines(onLine: (line: string) => void): Lines {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return {
    take(part) {
      const lines = (rest + decoder.write(part)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) {
        lines.push(rest)
        rest = ''
      }
      for (const line of lines) if (line !== '') onLine(line)
    },
    end() {
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}
