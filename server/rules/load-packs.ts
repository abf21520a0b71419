import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isCollection, isMap, LineCounter, parseDocument } from 'yaml'
import { MEASURES } from './measures/registry.ts'
import { type Pack, pack as packSchema, type Rule } from './pack.ts'
import { DECISION_PARAMETERS, limitsOf } from './verdict.ts'

/** One thing wrong in a file, with its place. Lines and columns count from 1. */
export type PackProblem = { file: string; line: number; column: number; message: string }

/** Reads all packs of a directory; every problem of every file is reported, not only the first. */
export function loadPacks(directory: string): { rules: Rule[]; packs: Pack[]; problems: PackProblem[] } {
  const packs: Pack[] = []
  const problems: PackProblem[] = []
  const ruleFiles = new Map<string, string>()
  const files = readdirSync(directory).filter(name => /\.ya?ml$/.test(name))
  for (const file of files.sort()) {
    const path = join(directory, file)
    const read = parsePack(readFileSync(path, 'utf8'), path)
    problems.push(...read.problems)
    if (read.pack === null) continue
    packs.push(read.pack)
    for (const rule of read.pack.rules) {
      const other = ruleFiles.get(rule.id)
      if (other !== undefined) {
        problems.push({ file: path, line: 1, column: 1, message: `rule "${rule.id}" is defined in ${other} already` })
      }
      ruleFiles.set(rule.id, path)
    }
  }
  const rules = packs.flatMap(pack => pack.rules.map(rule => ({ ...rule, packId: pack.id, packVersion: pack.version })))
  return { rules, packs, problems }
}

/** Parses one pack; a pack with any problem is not used at all. */
export function parsePack(text: string, file: string): { pack: Pack | null; problems: PackProblem[] } {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: true })
  const problems: PackProblem[] = [...document.errors, ...document.warnings].map(error => {
    const place = lineCounter.linePos(error.pos[0])
    return { file, line: place.line, column: place.col, message: error.message.split('\n')[0] ?? error.message }
  })
  if (problems.length > 0) return { pack: null, problems }

  const at = (path: readonly PropertyKey[]) => {
    const place = lineCounter.linePos(offsetOf(document, path))
    return { file, line: place.line, column: place.col }
  }
  const parsed = packSchema.safeParse(document.toJS())
  if (!parsed.success) {
    return {
      pack: null,
      problems: parsed.error.issues.map(issue => ({
        ...at(issue.path),
        message: `${issue.path.join('.') || 'pack'}: ${issue.message}`,
      })),
    }
  }
  parsed.data.rules.forEach((rule, index) => {
    for (const { path, message } of problemsOfRule(rule)) {
      problems.push({ ...at(['rules', index, ...path]), message: `rules.${index}.${path.join('.')}: ${message}` })
    }
  })
  return { pack: problems.length === 0 ? parsed.data : null, problems }
}

function problemsOfRule(rule: Pack['rules'][number]): { path: string[]; message: string }[] {
  const measure = MEASURES[rule.measure]
  if (measure === undefined) {
    return [
      { path: ['measure'], message: `unknown measure "${rule.measure}"; known: ${Object.keys(MEASURES).join(', ')}` },
    ]
  }
  const problems: { path: string[]; message: string }[] = []
  const known: readonly string[] = [...DECISION_PARAMETERS, ...measure.parameters]
  for (const name of Object.keys(rule.parameters)) {
    if (!known.includes(name)) {
      problems.push({ path: ['parameters', name], message: `unknown parameter; known: ${known.join(', ')}` })
    }
  }
  for (const name of measure.parameters) {
    if (rule.parameters[name] === undefined) {
      problems.push({ path: ['parameters'], message: `the measure ${rule.measure} needs the parameter "${name}"` })
    }
  }
  const limits = limitsOf(rule)
  if (typeof limits === 'string') problems.push({ path: ['parameters'], message: limits })
  return problems
}

/** Offset of the nearest node that exists on the way to `path`. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const key = path.slice(0, length).map(part => (typeof part === 'symbol' ? String(part) : part))
    const parent = length === 1 ? document.contents : document.getIn(key.slice(0, -1), true)
    const last = key.at(-1)
    if (isMap(parent)) {
      const pair = parent.items.find(item => String(item.key) === String(last))
      const keyNode = pair?.key
      if (hasRange(keyNode)) return keyNode.range[0]
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
