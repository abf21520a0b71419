/** A file as base64, as it travels inside JSON. */
export async function readFile(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  // In pieces: a function takes only so many arguments.
  for (let index = 0; index < bytes.length; index += 8_192) {
    text += String.fromCharCode(...bytes.subarray(index, index + 8_192))
  }
  return btoa(text)
}
