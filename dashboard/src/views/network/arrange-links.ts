import type { LinkView } from '../../../../protocol/links.ts'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'

/** Of what nobody watches nobody knows: it stands right behind what fell silent. */
export const LINK_STANDINGS = [
  ...(['down', 'unreachable', 'unknown', 'unmonitored', 'degraded', 'maintenance', 'up'] as const),
] as const satisfies readonly (SubjectState | 'unmonitored')[]
export type LinkStanding = (typeof LINK_STANDINGS)[number]

const collator = new Intl.Collator('id', { numeric: true })

export function standingOf({ monitored, standing }: LinkView): LinkStanding {
  if (!monitored) return 'unmonitored'
  return standing.inMaintenance ? 'maintenance' : standing.state
}

/** Worst first, then by name; only those in whose text every word occurs, and of one standing where one is asked for. */
export function arrangeLinks(
  links: readonly LinkView[],
  filter: { text: string; standing: string },
  textOf: (link: LinkView) => string,
): LinkView[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  const rank = (link: LinkView) => LINK_STANDINGS.indexOf(standingOf(link))
  return links
    .filter(link => {
      if (filter.standing !== '' && filter.standing !== standingOf(link)) return false
      const text = textOf(link).toLowerCase()
      return words.every(word => text.includes(word))
    })
    .sort((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name))
}
