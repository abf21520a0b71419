import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type PlacedProblem, readYaml, reasonOf, type YamlText } from '../platform/yaml-text.ts'
import { type Found, orderOf, problemsOfDuty } from './lint-duty.ts'
import type { Obligation } from './pack.ts'
import { citationText, type DutyRule, type RegulationPack, regulationPack } from './regulation-pack.ts'

export type LoadedRegulations = { packs: RegulationPack[]; rules: Obligation[]; problems: PlacedProblem[] }

/** Reads all regulations of a directory; every problem of every file is reported. One with a problem is not used at all. */
export function loadRegulations(directory: string): LoadedRegulations {
  const packs: RegulationPack[] = []
  const problems: PlacedProblem[] = []
  for (const path of filesOf(directory, problems)) {
    let content: string
    try {
      content = readFileSync(path, 'utf8')
    } catch (error) {
      problems.push({ file: path, line: 1, column: 1, message: `can't be read: ${reasonOf(error)}` })
      continue
    }
    const read = parseRegulation(content, path)
    problems.push(...read.problems)
    if (read.pack !== null) packs.push(read.pack)
  }
  return { packs, rules: packs.flatMap(rulesOf), problems }
}

function filesOf(directory: string, problems: PlacedProblem[]): string[] {
  try {
    // A city without a regulation is run by operational rules alone.
    if (!existsSync(directory)) return []
    const names = readdirSync(directory).filter(name => /\.ya?ml$/.test(name))
    return names.sort().map(name => join(directory, name))
  } catch (error) {
    problems.push({ file: directory, line: 1, column: 1, message: `can't be read: ${reasonOf(error)}` })
    return []
  }
}

/** Parses one regulation. `placeOf` says where something stands in the text. */
export function parseRegulation(
  content: string,
  file: string,
): { pack: RegulationPack | null; problems: PlacedProblem[]; placeOf: YamlText['placeOf'] } {
  const { content: data, problems, placeOf, placed } = readYaml(content, file)
  if (problems.length > 0) return { pack: null, problems, placeOf }
  const parsed = regulationPack.safeParse(data)
  if (!parsed.success) return { pack: null, problems: placed(parsed.error, 'regulation'), placeOf }
  const pack = parsed.data
  const found = [
    ...problemsOfHead(pack, file),
    ...problemsOfList(pack.rules),
    ...pack.rules.flatMap((rule, index) =>
      problemsOfDuty(rule).map(({ path, message }) => ({ path: ['rules', index, ...path], message })),
    ),
  ]
  const wrong = found.map(({ path, message }) => ({ ...placeOf(path), message: `${path.join('.')}: ${message}` }))
  return { pack: wrong.length === 0 ? pack : null, problems: wrong, placeOf }
}

function problemsOfHead(pack: RegulationPack, file: string): Found[] {
  const found: Found[] = []
  if (basename(file).replace(/\.ya?ml$/, '') !== pack.id) {
    found.push({ path: ['id'], message: `the file of "${pack.id}" is called ${pack.id}.yaml` })
  }
  if (!pack.id.endsWith(`-${pack.year}-${pack.number}`)) {
    found.push({ path: ['number'], message: `"${pack.id}" is not number ${pack.number} of ${pack.year}` })
  }
  if (pack.promulgated < pack.set) {
    found.push({ path: ['promulgated'], message: `before it was set (${pack.set})` })
  }
  if (pack.inForce < pack.promulgated) {
    found.push({ path: ['inForce'], message: `before it was promulgated (${pack.promulgated})` })
  }
  if (pack.officialDomain.value === null && pack.officialDomain.source === 'regulation') {
    found.push({ path: ['officialDomain', 'source'], message: 'what the regulation sets has a value' })
  }
  return found
}

/** Each id once, and the duties in the order of the regulation, so that two people find the same one. */
function problemsOfList(rules: readonly DutyRule[]): Found[] {
  const found: Found[] = []
  const first = new Map<string, number>()
  rules.forEach((rule, index) => {
    const other = first.get(rule.id)
    if (other !== undefined) {
      found.push({ path: ['rules', index, 'id'], message: `the duty "${rule.id}" is there already (rules.${other})` })
    } else first.set(rule.id, index)
    const before = rules[index - 1]
    if (before !== undefined && orderOf(before) > orderOf(rule)) {
      const message = `stands after ${citationText(before.citation)}: keep the order of the regulation`
      found.push({ path: ['rules', index, 'citation'], message })
    }
  })
  return found
}

/** The duties of a pack as rules: ids that no other pack has, and what the head of the pack says filled in. */
export function rulesOf(pack: RegulationPack): Obligation[] {
  return pack.rules.map(rule => {
    const { id, title, measure, subject, parameters, severity, targetDate, note, ...duty } = rule
    const filled = { ...parameters }
    if (measure === 'domain_suffix') filled.officialDomain = pack.officialDomain
    return {
      id: `${pack.id}-${id}`,
      title,
      measure,
      subject,
      // What can't be missed never raises anything; the engine asks the modal.
      severity: severity ?? 'low',
      parameters: filled,
      packId: pack.id,
      packVersion: pack.version,
      duty: { ...duty, targetDate: targetDate ?? null, note: note ?? null, inForce: pack.inForce },
    }
  })
}
