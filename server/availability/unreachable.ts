// Pure: of the times in which a subject did not answer, those in which its parents did not answer either. Then it can't be
// said whether it was down.
import { clip, type Interval, intersection, subtract, union } from './intervals.ts'

/**
 * The parent and its children are asked at different moments, so that a child may be found silent some seconds before its
 * parent and answer some seconds after it; that much is still the parent's outage.
 */
export const ASKED_APART_MS = 15_000

/**
 * Splits a subject's down time. `parentsDown` has the down times of each way to it; all ways must be cut. A stretch at either
 * end of a cut that is shorter than ASKED_APART_MS belongs to it.
 */
export function splitByParents(
  down: readonly Interval[],
  parentsDown: readonly (readonly Interval[])[],
): { down: Interval[]; unreachable: Interval[] } {
  const [first, ...others] = parentsDown
  if (first === undefined) return { down: union(down), unreachable: [] }
  const cut = others.reduce<Interval[]>((both, other) => intersection(both, other), union(first))
  const unreachable = union(down).flatMap(outage => {
    const inside = clip(cut, outage)
    return union(
      inside.map(({ from, to }) => ({
        from: from - outage.from <= ASKED_APART_MS ? outage.from : from,
        to: outage.to - to <= ASKED_APART_MS ? outage.to : to,
      })),
    )
  })
  return { down: subtract(down, unreachable), unreachable }
}
