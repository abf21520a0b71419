import type { ChannelKindView, ChannelView } from '../../../../protocol/settings-views.ts'

/** What stands in the form's controls: text by field name, also for numbers. */
export type FieldTexts = Record<string, string>

/** The form's first content: the channel's present values, else the kind's defaults. A secret always starts empty. */
export function textsOf(kind: ChannelKindView, channel: ChannelView | null): FieldTexts {
  return Object.fromEntries(
    kind.fields.map(field => {
      if (field.type === 'secret') return [field.name, '']
      const first = field.type === 'choice' && field.required ? (field.choices?.[0]?.value ?? '') : ''
      return [field.name, String(channel?.settings[field.name] ?? field.default ?? first)]
    }),
  )
}

/**
 * The settings to send. An empty control is left out: for a secret that keeps the present one, for the rest it means
 * that there is none. A number that is none is sent as it was typed, so that the collector's complaint names the field.
 */
export function settingsOf(kind: ChannelKindView, texts: FieldTexts): Record<string, string | number> {
  const settings: Record<string, string | number> = {}
  for (const field of kind.fields) {
    const text = (texts[field.name] ?? '').trim()
    if (text === '') continue
    const number = Number(text)
    settings[field.name] = field.type === 'number' && Number.isFinite(number) ? number : text
  }
  return settings
}
