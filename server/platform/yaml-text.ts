// YAML that people write, read so that everything wrong in it can be shown at its place.
import { type Document, isCollection, isMap, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'

/** Lines and columns count from 1. */
export type Place = { file: string; line: number; column: number }
export type PlacedProblem = Place & { message: string }

export type YamlText = {
  /** Plain data; undefined when there are problems. */
  content: unknown
  problems: PlacedProblem[]
  /** Where something stands: a key in its map, an entry in its list, or the nearest thing around it that is there. */
  placeOf(path: readonly PropertyKey[]): Place
  /** What a schema found wrong, each with its place; `root` stands for the whole text. */
  placed(error: z.ZodError, root: string): PlacedProblem[]
}

/** `fill` may replace texts before they become data; what it throws is a problem at the place of the text. */
export function readYaml(text: string, file: string, fill?: (text: string, isPlain: boolean) => unknown): YamlText {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: true })
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const placeOf = (path: readonly PropertyKey[]) => placeAt(offsetOf(document, path))
  const problems: PlacedProblem[] = [...document.errors, ...document.warnings].map(error => ({
    ...placeAt(error.pos[0]),
    message: firstLineOf(error.message),
  }))
  if (problems.length === 0) {
    visit(document, {
      Alias(_, alias) {
        if (alias.resolve(document) !== undefined) return
        problems.push({ ...placeAt(alias.range?.[0] ?? 0), message: `there is no anchor "${alias.source}" before it` })
      },
      Scalar(role, scalar) {
        if (fill === undefined || role === 'key' || typeof scalar.value !== 'string') return
        try {
          scalar.value = fill(scalar.value, scalar.type === 'PLAIN')
        } catch (error) {
          problems.push({ ...placeAt(scalar.range?.[0] ?? 0), message: reasonOf(error) })
        }
      },
    })
  }
  let content: unknown
  if (problems.length === 0) {
    try {
      content = document.toJS()
    } catch (error) {
      // Well formed, but not data: aliases that grow without end.
      problems.push({ ...placeAt(0), message: firstLineOf(reasonOf(error)) })
    }
  }
  return {
    content,
    problems,
    placeOf,
    placed: (error, root) =>
      placesOfIssues(error).map(({ path, message }) => ({
        ...placeOf(path),
        message: `${path.join('.') || root}: ${message}`,
      })),
  }
}

/** Each unknown key has its own place; the parser names only the map that holds them. */
function placesOfIssues(error: z.ZodError): { path: PropertyKey[]; message: string }[] {
  return error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ path: [...issue.path, key], message: 'unknown key' }))
      : [{ path: issue.path, message: issue.message }],
  )
}

/** Offset of the nearest node that exists on the way to `path`. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(item => String(item.key) === String(last))
      if (hasRange(pair?.key)) return pair.key.range[0]
    } else if (isCollection(parent)) {
      const node = parent.get(last, true)
      if (hasRange(node)) return node.range[0]
    }
  }
  return 0
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function firstLineOf(message: string): string {
  return message.split('\n')[0] ?? message
}
