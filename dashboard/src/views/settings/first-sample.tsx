import { useEffect, useRef, useState } from 'preact/hooks'
import type { Replaced } from '../../../../protocol/vocabulary.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'

/** A device that has come, and when its newest sample was taken; null until there is one. */
export type Awaited = { id: string; name: string; lastSampleAt: number | null; replaced?: Replaced }

const ASK_EVERY_MS = 1_500

/** Asks again and again until everyone who came has sent a sample, and goes on for those who may still come. */
export function FirstSample({ ask }: { ask: (signal: AbortSignal) => Promise<Awaited[]> }) {
  const [known, setKnown] = useState<Awaited[]>([])
  const asking = useRef(ask)
  asking.current = ask
  useEffect(() => {
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    async function look() {
      try {
        const found = await asking.current(ending.signal)
        if (!ending.signal.aborted) setKnown(found)
      } catch {
        // The line of the whole page says when the collector is away; the next look may succeed.
      }
      if (!ending.signal.aborted) timer = setTimeout(look, ASK_EVERY_MS)
    }
    void look()
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [])
  return (
    <div role="status" class="first-sample">
      {known.length === 0 && <p class="soft">{t('install.waiting')}</p>}
      {known
        .filter(({ replaced }) => replaced === 'noc-agent')
        .map(device => (
          <p class="notice notice-error" key={`${device.id}/replaced`} role="alert">
            {t('install.replaced-noc', { name: device.name })}
          </p>
        ))}
      {known.map(device =>
        device.lastSampleAt === null ? (
          <p class="soft" key={device.id}>
            {t('install.waiting-sample', { name: device.name })}
          </p>
        ) : (
          <p class="tone-up" key={device.id}>
            <Link to={pathOf({ screen: 'server', id: device.id })}>{t('install.arrived', { name: device.name })}</Link>{' '}
            <Age at={device.lastSampleAt} />
          </p>
        ),
      )}
    </div>
  )
}
