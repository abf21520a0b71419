import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SUBJECT_STATES } from '../../../protocol/vocabulary.ts'

const css = readFileSync(new URL('../../../dashboard/src/ui/tokens.css', import.meta.url), 'utf8')

/** Colours of one block of tokens.css, by name. */
function coloursOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]),
  )
}
const dark = coloursOf(':root')
const THEMES = { dark, light: { ...dark, ...coloursOf(':root[data-theme="light"]') } }

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(place => {
    const part = Number.parseInt(colour.slice(place, place + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}
function contrast(a: string, b: string): number {
  const [bright, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return ((bright ?? 0) + 0.05) / ((dim ?? 0) + 0.05)
}

const GROUNDS = ['ground', 'surface', 'raised', 'sunken']
const TEXT_PAIRS: [text: string, ground: string][] = [
  ...['ink', 'ink-soft', 'ink-faint', ...SUBJECT_STATES].flatMap(text =>
    GROUNDS.map((ground): [string, string] => [text, ground]),
  ),
  ...SUBJECT_STATES.flatMap((state): [string, string][] => [
    [state, `${state}-ground`],
    ['ink', `${state}-ground`],
    ['ink-soft', `${state}-ground`],
  ]),
  // A tile and an incident stand on one state's ground and tell another's severity.
  ...['down', 'degraded'].flatMap(tone => SUBJECT_STATES.map((state): [string, string] => [tone, `${state}-ground`])),
  ['maintenance', 'down-ground'],
  ['inverse', 'ink'],
  ['inverse', 'ink-soft'],
  ['on-alarm', 'alarm'],
  ['ink', 'fill-rest'],
]
const SHAPE_PAIRS: [shape: string, ground: string][] = [
  ...['edge', 'fill', 'data-1', 'data-2', 'data-3', 'data-4', 'data-5', 'data-6'].map((shape): [string, string] => [
    shape,
    'surface',
  ]),
  ['edge', 'ground'],
  ['fill', 'fill-rest'],
]

describe.each(Object.entries(THEMES))('the %s theme', (_, colours) => {
  const of = (name: string): string => {
    const colour = colours[name]
    if (colour === undefined) throw new Error(`tokens.css has no colour --${name}`)
    return colour
  }

  test.each(TEXT_PAIRS)('text %s on %s reads (4.5 : 1)', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(SHAPE_PAIRS)('shape %s on %s is seen (3 : 1)', (shape, ground) => {
    expect(contrast(of(shape), of(ground))).toBeGreaterThanOrEqual(3)
  })

  test('the figures that are read from five metres have the highest contrast', () => {
    expect(contrast(of('ink'), of('surface'))).toBeGreaterThanOrEqual(12)
  })
})

test('contrast is computed as the standard does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})
