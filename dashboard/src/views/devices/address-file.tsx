import { useState } from 'preact/hooks'
import { t } from '../../i18n/translate.ts'
import { addressesOf } from './read-addresses.ts'

/** Addresses from a list or a spreadsheet saved as CSV: read here, shown in the field, sent nowhere else. */
export function AddressFile({ onAddresses }: { onAddresses: (addresses: string[]) => void }) {
  const [said, setSaid] = useState('')
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0]
    // The same file may be chosen again after it was changed.
    if (file === undefined) return
    const found = addressesOf(await file.text())
    input.value = ''
    setSaid(found.length === 0 ? t('add.file.none') : t('add.file.read', { n: found.length, name: file.name }))
    if (found.length > 0) onAddresses(found)
  }
  return (
    <div class="add-file">
      <label class="button button-plain button-small">
        {t('add.file')}
        <input
          class="visually-hidden"
          type="file"
          accept=".txt,.csv,text/plain,text/csv"
          onChange={event => void take(event.currentTarget)}
        />
      </label>
      <span class="faint" aria-live="polite">
        {said}
      </span>
    </div>
  )
}
