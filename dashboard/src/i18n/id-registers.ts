/** Texts of the registers. */
export const idRegisters = {
  'permission.registers:write': 'Mengisi register',
  'permission.rules:write': 'Mengatur kewajiban',
} as const
