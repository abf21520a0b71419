import type { idRegisters } from './id-registers.ts'

/** Texts of the registers. */
export const enRegisters: Record<keyof typeof idRegisters, string> = {
  'permission.registers:write': 'Keep registers',
  'permission.rules:write': 'Manage duties',
}
