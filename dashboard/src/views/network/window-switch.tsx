import { t } from '../../i18n/translate.ts'
import { Switch } from '../../ui/switch.tsx'

const DAY_MS = 24 * 3_600_000
/** How far a timeline looks back. */
export const WINDOWS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS }
export type Window = keyof typeof WINDOWS

export function WindowSwitch({ chosen, onChoose }: { chosen: Window; onChoose: (window: Window) => void }) {
  return (
    <Switch
      label={t('link.window')}
      choices={['day', 'week', 'month'] as const}
      chosen={chosen}
      onChoose={onChoose}
      show={one => t(`link.window.${one}`)}
    />
  )
}
