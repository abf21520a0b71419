import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PlacedProblem, readYaml, reasonOf, type YamlText } from '../platform/yaml-text.ts'
import { MEASURES, measureNamed } from './measures/registry.ts'
import { type Pack, pack as packSchema, parameterOf, type Rule } from './pack.ts'
import { DECISION_PARAMETERS, limitsOf } from './verdict.ts'

/** One thing wrong in a file, with its place. */
export type PackProblem = PlacedProblem

/** Reads all packs of a directory; every problem of every file is reported, not only the first. */
export function loadPacks(directory: string): { rules: Rule[]; packs: Pack[]; problems: PackProblem[] } {
  const packs: Pack[] = []
  const problems: PackProblem[] = []
  const packFiles = new Map<string, string>()
  const rulePlaces = new Map<string, string>()
  for (const path of packFilesOf(directory, problems)) {
    const text = readText(path, problems)
    if (text === null) continue
    const read = parsePack(text, path)
    problems.push(...read.problems)
    if (read.pack === null) continue
    packs.push(read.pack)
    const otherFile = packFiles.get(read.pack.id)
    if (otherFile !== undefined) {
      const place = read.placeOf(['id'])
      problems.push({ ...place, message: `id: the pack "${read.pack.id}" is in ${otherFile} already` })
    }
    packFiles.set(read.pack.id, path)
    for (const [index, rule] of read.pack.rules.entries()) {
      const place = read.placeOf(['rules', index, 'id'])
      const other = rulePlaces.get(rule.id)
      if (other !== undefined) {
        problems.push({ ...place, message: `rules.${index}.id: the rule "${rule.id}" is defined at ${other} already` })
      }
      rulePlaces.set(rule.id, other ?? `${place.file}:${place.line}`)
    }
  }
  const rules = packs.flatMap(pack =>
    pack.rules.map(rule => ({ ...rule, packId: pack.id, packVersion: pack.version, duty: null })),
  )
  return { rules, packs, problems }
}

/** A collector without a single rule would find everything in order: an empty directory is a mistake too. */
function packFilesOf(directory: string, problems: PackProblem[]): string[] {
  const place = { file: directory, line: 1, column: 1 }
  try {
    const names = readdirSync(directory).filter(name => /\.ya?ml$/.test(name))
    if (names.length === 0) problems.push({ ...place, message: 'there is no pack (*.yaml) in this directory' })
    return names.sort().map(name => join(directory, name))
  } catch (error) {
    problems.push({ ...place, message: `the packs can't be read: ${reasonOf(error)}` })
    return []
  }
}

function readText(file: string, problems: PackProblem[]): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    problems.push({ file, line: 1, column: 1, message: `can't be read: ${reasonOf(error)}` })
    return null
  }
}

/** Parses one pack; a pack with any problem is not used at all. `placeOf` says where something stands in the text. */
export function parsePack(
  text: string,
  file: string,
): { pack: Pack | null; problems: PackProblem[]; placeOf: YamlText['placeOf'] } {
  const { content, problems, placeOf, placed } = readYaml(text, file)
  if (problems.length > 0) return { pack: null, problems, placeOf }
  const parsed = packSchema.safeParse(content)
  if (!parsed.success) return { pack: null, problems: placed(parsed.error, 'pack'), placeOf }
  const wrong = parsed.data.rules.flatMap((rule, index) =>
    problemsOfRule(rule).map(({ path, message }) => ({
      ...placeOf(['rules', index, ...path]),
      message: `rules.${index}.${path.join('.')}: ${message}`,
    })),
  )
  return { pack: wrong.length === 0 ? parsed.data : null, problems: wrong, placeOf }
}

function problemsOfRule(rule: Pack['rules'][number]): { path: string[]; message: string }[] {
  const measure = measureNamed(rule.measure)
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
  const missing = measure.parameters.filter(name => parameterOf(rule, name) === undefined)
  for (const name of missing) {
    problems.push({ path: ['parameters'], message: `the measure ${rule.measure} needs the parameter "${name}"` })
  }
  const limits = limitsOf(rule)
  if (typeof limits === 'string') problems.push({ path: ['parameters'], message: limits })
  const wrong = missing.length === 0 ? measure.problemOf?.(name => parameterOf(rule, name) ?? 0) : undefined
  if (typeof wrong === 'string') problems.push({ path: ['parameters'], message: wrong })
  return problems
}
