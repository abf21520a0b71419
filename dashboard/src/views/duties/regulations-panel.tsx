import { useState } from 'preact/hooks'
import type { RegulationView } from '../../../../protocol/duty-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { now } from '../../app/clock.ts'
import { may, timeZone } from '../../app/session.ts'
import { dayIn, formatDay } from '../../format/citation.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'

type Changed = (regulations: RegulationView[]) => void

/** The regulations that Pantau knows; one who may lets one bind from a day on. */
export function RegulationsPanel({ regulations, onChanged }: { regulations: RegulationView[]; onChanged: Changed }) {
  return (
    <Panel title={t('duties.regulations')}>
      <ul class="regulations">
        {regulations.map(regulation => (
          <li key={regulation.id} class="card">
            <div class="card-head">
              <h3>{nameOf(regulation)}</h3>
              {regulation.enabled !== null && (
                <span class="soft">
                  {t('duties.binds', { day: formatDay(regulation.enabled.validFrom, language.value) })}
                </span>
              )}
            </div>
            <p class="soft">{pick(regulation.title)}</p>
            <p class="faint">
              {t('duties.in-force', { day: formatDay(regulation.inForce, language.value) })} ·{' '}
              {t('duties.of', { n: regulation.duties, core: regulation.core })}
            </p>
            {may('rules:write') && <Enabling regulation={regulation} onChanged={onChanged} />}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** "Peraturan Wali Kota Depok Nomor 40 Tahun 2021". */
export function nameOf({ kind, place, number, year }: RegulationView): string {
  const where = place.id.replace(/^(Kota|Kabupaten) /, '')
  return `${kind} ${where} Nomor ${number} Tahun ${year}`
}

function Enabling({ regulation, onChanged }: { regulation: RegulationView; onChanged: Changed }) {
  const [validFrom, setValidFrom] = useState(() => dayIn(now.peek(), timeZone.peek()))
  const params = { pack: regulation.id }
  const enable = useAction(async () => {
    const { regulations } = await call('enableRegulation', { params, body: { validFrom, validUntil: null } })
    onChanged(regulations)
  })
  const disable = useAction(async () => {
    const { regulations } = await call('disableRegulation', { params, body: {} })
    onChanged(regulations)
  })
  if (regulation.enabled !== null) {
    return (
      <div class="form-actions">
        <Button size="small" busy={disable.busy} onClick={() => void disable.run()}>
          {t('duties.disable')}
        </Button>
        <ErrorNotice error={disable.error} />
      </div>
    )
  }
  return (
    <form
      class="regulation-enable"
      onSubmit={event => {
        event.preventDefault()
        void enable.run()
      }}
    >
      <TextField
        label={t('duties.enable.from')}
        issue={issueOf(enable.error, 'validFrom')}
        value={validFrom}
        onValue={setValidFrom}
        placeholder="2026-12-01"
        pattern="\d{4}-\d{2}-\d{2}"
        required
      />
      <Button type="submit" kind="primary" busy={enable.busy}>
        {t('duties.enable')}
      </Button>
      <ErrorNotice error={enable.error} />
    </form>
  )
}
