import type { idDuties } from './id-duties.ts'

/** Texts of the pages on duties, in English. */
export const enDuties: Record<keyof typeof idDuties, string> = {
  'unit.months': 'month|months',
  'parameter.unset': 'not set yet',
}
