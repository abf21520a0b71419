/** A number in a sentence in Indonesian, which writes 1,5 where English writes 1.5. */
export function decimalComma(value: number, digits: number): string {
  return value.toFixed(digits).replace('.', ',')
}
