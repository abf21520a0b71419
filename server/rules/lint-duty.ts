// What a schema can't see: whether a duty agrees with itself and with the measure that judges it. Pure.
import { missOf, SUBJECT_ROLES } from '../../protocol/duty-words.ts'
import type { ParameterValue } from '../../protocol/shapes.ts'
import { CATALOGUE, type MeasureSheet, type ParameterType, sheetOf } from './measures/catalogue.ts'
import { type Citation, type DutyRule, rolesOf } from './regulation-pack.ts'

export type Found = { path: (string | number)[]; message: string }

/** Everything wrong with one duty; paths are inside it. */
export function problemsOfDuty(rule: DutyRule): Found[] {
  return [...problemsOfWording(rule), ...problemsOfApplicability(rule), ...problemsOfMeasure(rule)]
}

function problemsOfWording(rule: DutyRule): Found[] {
  const found: Found[] = []
  const cited = citedIn(rule.citation)
  if (!rule.id.startsWith(`${cited}-`)) {
    found.push({ path: ['id'], message: `must begin with its citation: "${cited}-..."` })
  }
  if (rule.citation.huruf !== null && rule.citation.ayat === null) {
    found.push({ path: ['citation', 'huruf'], message: 'a huruf stands in an ayat: name it' })
  }
  if (rule.title.id === rule.title.en) {
    found.push({ path: ['title', 'en'], message: 'the same words in both languages: one of them is missing' })
  }
  return found
}

function problemsOfApplicability(rule: DutyRule): Found[] {
  const found: Found[] = []
  const isOption = missOf(rule.modal) === 'option'
  if (isOption && rule.severity !== undefined) {
    found.push({ path: ['severity'], message: `"${rule.modal}" is an option, nobody can miss it: no severity` })
  }
  if (!isOption && rule.severity === undefined) {
    found.push({ path: ['severity'], message: `"${rule.modal}" can be missed: say how bad that is` })
  }
  if (isOption && rule.exemptions.length > 0) {
    found.push({ path: ['exemptions'], message: `"${rule.modal}" is an option: there is nothing to be exempt from` })
  }
  if (rule.modal === 'bertahap' && rule.targetDate === undefined) {
    found.push({ path: ['modal'], message: 'a gradual duty needs a targetDate; its value is null until one is set' })
  }
  if (rule.modal !== 'bertahap' && rule.targetDate !== undefined) {
    found.push({ path: ['targetDate'], message: `only a gradual duty has a target date, not "${rule.modal}"` })
  }
  if (rule.targetDate?.value === null && rule.targetDate.source === 'regulation') {
    found.push({ path: ['targetDate', 'source'], message: 'what the regulation sets has a value' })
  }
  if (rule.modal === 'bersyarat' && rule.conditions.length === 0) {
    found.push({ path: ['modal'], message: 'a conditional duty names its conditions' })
  }
  if (rule.owedBy === 'independent-agencies' && rule.select.agencies !== 'independent') {
    found.push({ path: ['owedBy'], message: 'what independent agencies owe selects them: agencies: independent' })
  }
  const names = rule.exemptions.map(exemption => exemption.id)
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      found.push({ path: ['exemptions', index, 'id'], message: `the exemption "${name}" is there already` })
    }
  })
  return found
}

function problemsOfMeasure(rule: DutyRule): Found[] {
  const sheet = sheetOf(rule.measure)
  if (sheet === undefined) {
    const known = Object.keys(CATALOGUE).join(', ')
    return [{ path: ['measure'], message: `unknown measure "${rule.measure}"; known: ${known}` }]
  }
  const found: Found[] = []
  if (!sheet.subjects.includes(rule.subject)) {
    const able = sheet.subjects.join(', ')
    found.push({ path: ['subject'], message: `${rule.measure} can't judge a ${rule.subject}; it judges: ${able}` })
  }
  const roles = SUBJECT_ROLES[rule.subject]
  if (rolesOf(rule.select).some(role => !roles.includes(role))) {
    const known = roles.length === 0 ? 'none' : roles.join(', ')
    found.push({ path: ['select', 'role'], message: `a ${rule.subject} has no such role; known: ${known}` })
  }
  if (rule.severity === 'critical' && sheet.judgedFrom !== 'measurements') {
    found.push({ path: ['severity'], message: `critical wakes a person, and ${rule.measure} is not measured` })
  }
  if (sheet.judgedFrom === 'nothing' && rule.severity !== undefined && rule.severity !== 'low') {
    found.push({ path: ['severity'], message: 'what nothing measures can only be low' })
  }
  return [...found, ...problemsOfParameters(rule, sheet)]
}

/** What must be less than what, where a duty has both: a warning comes before the breach. */
const IN_ORDER = [
  ['backupWarnAgeHours', 'backupBreachAgeHours'],
  ['warnUtilisationPct', 'breachUtilisationPct'],
  ['certBreachDays', 'certWarnDays'],
  ['midtermMonths', 'termMonths'],
] as const

function problemsOfParameters(rule: DutyRule, sheet: MeasureSheet): Found[] {
  const found: Found[] = []
  const known = { ...sheet.needs, ...sheet.may }
  for (const [name, { value, source }] of Object.entries(rule.parameters)) {
    const type = Object.hasOwn(known, name) ? known[name] : undefined
    if (type === undefined) {
      const names = Object.keys(known).join(', ') || 'none'
      found.push({ path: ['parameters', name], message: `${rule.measure} takes no such parameter; known: ${names}` })
      continue
    }
    if (value === null && source === 'regulation') {
      found.push({ path: ['parameters', name, 'source'], message: 'what the regulation sets has a value' })
    }
    const wrong = value === null ? null : wrongValue(name, value, type)
    if (wrong !== null) found.push({ path: ['parameters', name, 'value'], message: wrong })
  }
  for (const name of Object.keys(sheet.needs)) {
    if (!Object.hasOwn(rule.parameters, name)) {
      found.push({ path: ['parameters'], message: `${rule.measure} needs the parameter "${name}"` })
    }
  }
  for (const [less, more] of IN_ORDER) {
    const [low, high] = [rule.parameters[less]?.value, rule.parameters[more]?.value]
    if (typeof low === 'number' && typeof high === 'number' && low >= high) {
      found.push({ path: ['parameters', less], message: `must be less than ${more} (${high})` })
    }
  }
  return found
}

function wrongValue(name: string, value: ParameterValue, type: ParameterType): string | null {
  if (type === 'number') return typeof value === 'number' ? wrongNumber(name, value) : 'must be a number'
  if (type === 'flag') return typeof value === 'boolean' ? null : 'must be true or false'
  if (type === 'list') return Array.isArray(value) ? null : 'must be a list'
  if (type === 'date') return isDay(value) ? null : 'must be a day like 2027-06-30'
  if (type === 'numbers') {
    const numbers = typeof value === 'object' && value !== null && !Array.isArray(value)
    return numbers ? null : 'must be a number for each name'
  }
  if ('each' in type) {
    const stray = Array.isArray(value) ? value.find(one => !type.each.includes(one)) : value
    return stray === undefined ? null : `must be a list of: ${type.each.join(', ')}`
  }
  return typeof value === 'string' && type.includes(value) ? null : `must be one of: ${type.join(', ')}`
}

/** A share lies between 0 and 100 or 1; no period, count or distance is negative. */
function wrongNumber(name: string, value: number): string | null {
  if (value < 0) return 'must not be negative'
  if (name.endsWith('Pct') && value > 100) return 'must lie between 0 and 100'
  if (name.endsWith('Ratio') && value > 1) return 'must lie between 0 and 1'
  if (/^period|Every/.test(name) && value === 0) return 'must be more than 0'
  return null
}

const isDay = (value: ParameterValue) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

/** "14-3" or "15-3-a": how ids begin. */
export function citedIn({ pasal, ayat, huruf }: Citation): string {
  return [pasal, ayat, huruf].filter(part => part !== null).join('-')
}

/** Where a duty stands among the others: the order of the regulation itself. */
export function orderOf({ citation: { pasal, ayat, huruf } }: Pick<DutyRule, 'citation'>): number {
  return pasal * 10_000 + (ayat ?? 0) * 100 + (huruf === null ? 0 : huruf.charCodeAt(0) - 96)
}
