/** Files and folders of the city's own configuration, and what they are called in a copy. Keys and certificates stay out. */
export function configurationOf(config: {
  file: string | null
  operations?: string | undefined
  regulations?: string | undefined
}): { name: string; path: string }[] {
  const { file, operations = null, regulations = null } = config
  const found = { 'pantau.yaml': file, operations, regulations }
  return Object.entries(found).flatMap(([name, path]) => (path === null ? [] : [{ name, path }]))
}
