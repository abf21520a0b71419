import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import './copy-text.css'

const SAID_MS = 2_500

/** Text to take along (a secret, a command): shown whole, selectable, with a copy button that says whether it worked. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      // Without HTTPS a browser gives no clipboard: then the text is to be selected by hand.
      setState('failed')
    }
    setTimeout(() => setState('idle'), SAID_MS)
  }
  return (
    <div class="copy">
      <span class="field-label">{label}</span>
      <div class="copy-box">
        <code class="copy-text">{text}</code>
        <Button size="small" onClick={copy}>
          {t(`copy.${state}`)}
        </Button>
      </div>
    </div>
  )
}
