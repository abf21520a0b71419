// The shape of a regulation as JSON Schema, for editors: the YAML files say where it is.
import { z } from 'zod'
import { regulationPack } from '../../server/rules/regulation-pack.ts'

export function regulationSchema(): string {
  const schema = z.toJSONSchema(regulationPack, { io: 'input', reused: 'ref' })
  return `${JSON.stringify({ ...schema, title: 'A regulation as data (config/regulations)' }, null, 2)}\n`
}
