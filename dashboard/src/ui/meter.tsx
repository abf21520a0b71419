import './meter.css'

const HIGH_RATIO = 0.9

/** A bar of a ratio; hatched when nothing is known, so that no data never looks like zero. */
export function Meter({ ratio }: { ratio: number | null }) {
  if (ratio === null) return <span class="meter meter-none" aria-hidden="true" />
  const shown = Math.min(1, Math.max(0, ratio))
  return (
    <span class={shown >= HIGH_RATIO ? 'meter meter-high' : 'meter'} aria-hidden="true">
      <span class="meter-fill" style={{ width: `${(shown * 100).toFixed(1)}%` }} />
    </span>
  )
}
