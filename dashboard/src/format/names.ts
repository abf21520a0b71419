// Names that agents, packs and rules use, as people say them; one that nobody translated stays as it is.
import type { Language } from '../../../protocol/vocabulary.ts'
import { id, type MessageKey } from '../i18n/id.ts'
import { type MessageValues, translate } from '../i18n/translate.ts'

type Kind = 'parameter' | 'measure' | 'role' | 'fact' | 'value'

function isKey(key: string): key is MessageKey {
  return Object.hasOwn(id, key)
}

function named(kind: Kind, name: string, language: Language, values?: MessageValues): string | null {
  const key = `name.${kind}.${name}`
  return isKey(key) ? translate(language, key, values) : null
}

export function parameterName(name: string, language: Language): string {
  return named('parameter', name, language) ?? name
}

export function measureName(name: string, language: Language): string {
  return named('measure', name, language) ?? name
}

/** Roles of subjects, and which agencies are meant. */
export function roleName(name: string, language: Language): string {
  return named('role', name, language) ?? name
}

/** A word that is the value of a parameter. */
export function valueName(word: string, language: Language): string {
  return named('value', word, language) ?? word
}

/** "os.distro", or "net.eth0.mac", which names what it is of. */
export function factName(name: string, language: Language): string {
  const parts = name.split('.')
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  const of = parts.slice(1, -1).join('.')
  return (
    named('fact', name, language) ??
    (of === '' ? null : named('fact', `${first}.${last}`, language, { name: of })) ??
    name
  )
}
