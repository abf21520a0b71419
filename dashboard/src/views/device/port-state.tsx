import type { InterfaceState } from '../../../../protocol/snmp-words.ts'
import type { SubjectState } from '../../../../protocol/vocabulary.ts'
import { t } from '../../i18n/translate.ts'
import { StateMark } from '../../ui/state-mark.tsx'

/** Which state's shape and colour an interface borrows. */
export const PORT_SHAPE: Record<InterfaceState, SubjectState> = {
  up: 'up',
  down: 'down',
  'admin-down': 'maintenance',
  'not-present': 'unreachable',
  unknown: 'unknown',
}

export function PortState({ state }: { state: InterfaceState }) {
  return (
    <span class={`state tone-${PORT_SHAPE[state]}`}>
      <StateMark state={PORT_SHAPE[state]} />
      {t(`port-state.${state}`)}
    </span>
  )
}
