/** Texts of the pages on duties, in Indonesian. */
export const idDuties = {
  'unit.months': 'bulan',
  'parameter.unset': 'belum ditetapkan',
} as const
