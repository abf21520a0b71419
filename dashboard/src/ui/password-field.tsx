import type { ApiError } from '../api/api-error.ts'
import { issueOf } from '../api/api-error.ts'
import { t } from '../i18n/translate.ts'
import { TextField } from './field.tsx'

const PASSWORD_LEAST = 12

type PasswordFieldProps = {
  label: string
  error: ApiError | null
  path: 'password' | 'next'
  value: string
  onValue: (value: string) => void
  autofocus?: boolean
}

/** A password that is to be set. */
export function PasswordField({ label, error, path, value, onValue, autofocus = false }: PasswordFieldProps) {
  return (
    <TextField
      label={label}
      help={t('password.help', { least: PASSWORD_LEAST })}
      issue={issueOf(error, path)}
      type="password"
      value={value}
      onValue={onValue}
      autocomplete="new-password"
      minLength={PASSWORD_LEAST}
      required
      autofocus={autofocus}
    />
  )
}

/** The same once more, so that nobody locks himself out by a slip of the finger. */
export function PasswordAgain({
  first,
  value,
  onValue,
}: {
  first: string
  value: string
  onValue: (value: string) => void
}) {
  return (
    <TextField
      label={t('password.again')}
      issue={value !== '' && value !== first ? t('password.mismatch') : null}
      type="password"
      value={value}
      onValue={onValue}
      autocomplete="new-password"
      required
    />
  )
}
