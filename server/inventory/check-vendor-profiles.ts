import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type VendorProfile, vendorProfile } from '../../protocol/vendor-profile.ts'
import { type PlacedProblem, readYaml, reasonOf } from '../platform/yaml-text.ts'

/** Every problem of every vendor profile, with its place. Agents take profiles as they are, so they are checked here. */
export function checkVendorProfiles(directory: string): { profiles: VendorProfile[]; problems: PlacedProblem[] } {
  const profiles: VendorProfile[] = []
  const problems: PlacedProblem[] = []
  let names: string[] = []
  try {
    names = readdirSync(directory).filter(name => /\.ya?ml$/.test(name))
  } catch (error) {
    problems.push({ file: directory, line: 1, column: 1, message: `the profiles can't be read: ${reasonOf(error)}` })
  }
  for (const name of names.sort()) {
    const file = join(directory, name)
    const read = checkVendorProfile(readFileSync(file, 'utf8'), file)
    problems.push(...read.problems)
    if (read.profile !== null) profiles.push(read.profile)
  }
  const forAll = profiles.filter(({ match }) => match === undefined)
  if (problems.length === 0 && forAll.length !== 1) {
    const who = forAll.map(({ id }) => id).join(', ') || 'none'
    const message = `exactly one profile has no "match" and fits every device; here it is ${who}`
    problems.push({ file: directory, line: 1, column: 1, message })
  }
  return { profiles, problems }
}

/** One profile; null when anything is wrong with it. Its file must be called after it, so that each id is there once. */
export function checkVendorProfile(
  text: string,
  file: string,
): { profile: VendorProfile | null; problems: PlacedProblem[] } {
  const { content, problems, placed, placeOf } = readYaml(text, file)
  if (problems.length > 0) return { profile: null, problems }
  const parsed = vendorProfile.safeParse(content)
  if (!parsed.success) return { profile: null, problems: placed(parsed.error, 'profile') }
  const profile = parsed.data
  const wrong: PlacedProblem[] = []
  if (!file.endsWith(`${profile.id}.yaml`))
    wrong.push({ ...placeOf(['id']), message: `id: the file of this profile must be called ${profile.id}.yaml` })
  for (const [index, figure] of (profile.figures ?? []).entries()) {
    const say = (key: string, message: string): void => {
      wrong.push({ ...placeOf(['figures', index, key]), message: `figures.${index}.${key}: ${message}` })
    }
    if (figure.oid !== undefined && !figure.oid.endsWith('.0') && figure.column === undefined && !isRow(figure.oid))
      say('oid', 'a single variable ends with .0 or names a row; for all rows of a table write "column"')
    for (const key of ['names', 'where', 'units', 'named'] as const)
      if (figure[key] !== undefined && figure.column === undefined) say(key, 'is about rows and needs "column"')
    if (figure.named !== undefined && figure.names === undefined) say('named', 'needs "names"')
  }
  return { profile: wrong.length === 0 ? profile : null, problems: wrong }
}

/** A known row of a table, such as the processor's memory pool. */
const isRow = (oid: string): boolean => oid.split('.').length > 12
