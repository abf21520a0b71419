import { computed, signal } from '@preact/signals'

const pageNow = signal(Date.now())
/** Collector's clock minus this page's: a wall screen with a wrong clock must still tell true ages. */
const collectorOffsetMs = signal(0)

/** The collector's time (ms), ticking each second. */
export const now = computed(() => pageNow.value + collectorOffsetMs.value)

/** Small differences are the way of the message, not of the clocks: they would make ages jump. */
const OFFSET_NOISE_MS = 750

export function learnCollectorTime(at: number): void {
  const offset = at - Date.now()
  if (Math.abs(offset - collectorOffsetMs.peek()) > OFFSET_NOISE_MS) collectorOffsetMs.value = offset
}

export function startClock(): void {
  const tick = () => {
    pageNow.value = Date.now()
    setTimeout(tick, 1_000 - (Date.now() % 1_000))
  }
  tick()
}
