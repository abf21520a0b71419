import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { ConfirmDialog } from './dialog.tsx'

type Words = { title: string; text: string; action: string }

/**
 * A change of one row that can't be taken back: `ask` opens the dialog, which stays open with what went wrong. `dialog` is
 * to be drawn at the end of the screen.
 */
export function useConfirmed<Row>(
  change: (row: Row) => Promise<unknown>,
  wordsOf: (row: Row) => Words,
): { ask: (row: Row) => void; dialog: ComponentChildren } {
  const [asked, setAsked] = useState<{ row: Row } | null>(null)
  const act = useAction(change)
  const close = () => {
    setAsked(null)
    act.clear()
  }
  const dialog = asked !== null && (
    <ConfirmDialog
      {...wordsOf(asked.row)}
      busy={act.busy}
      error={act.error}
      onConfirm={() => void act.run(asked.row).then(done => done && close())}
      onClose={close}
    />
  )
  return { ask: row => setAsked({ row }), dialog }
}
