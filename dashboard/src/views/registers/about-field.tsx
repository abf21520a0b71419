import { subjectKindOf } from '../../../../protocol/duty-words.ts'
import type { RegisterKindView, RegisterRecordView, RegisterSubjectKind } from '../../../../protocol/register-views.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { wall } from '../../live/live-state.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'

const REGISTERED = ['service', 'application', 'dataset'] as const
const MOST = 1_000

type Named = { kind: RegisterSubjectKind; id: string; name: string }
type Props = {
  kind: RegisterKindView
  record: RegisterRecordView | null
  value: readonly string[]
  onValue: (value: string[]) => void
}

/** Whom or what a record is about: one after the other is chosen, none means the city as a whole. */
export function AboutField({ kind, record, value, onValue }: Props) {
  const named = useNamed(kind)
  const keyOf = (subject: Named) => `${subject.kind}:${subject.id}`
  const nameOf = (key: string) =>
    [...named, ...(record?.subjects ?? [])].find(subject => keyOf(subject) === key)?.name ?? key
  const left = named.filter(subject => !value.includes(keyOf(subject)))
  return (
    <div class="about-field">
      <SelectField
        label={t('registers.about')}
        value=""
        onValue={next => next !== '' && onValue([...value, next])}
        choices={[
          { value: '', label: t(value.length === 0 ? 'registers.about.city' : 'registers.about.more') },
          ...left.map(subject => ({
            value: keyOf(subject),
            label: `${subject.name} (${t(`duty.subject.${subject.kind}`)})`,
          })),
        ]}
      />
      {value.length > 0 && (
        <ul class="about-list">
          {value.map(key => (
            <li key={key}>
              {nameOf(key)}{' '}
              <Button
                size="small"
                kind="quiet"
                aria-label={t('registers.about.remove', { name: nameOf(key) })}
                onClick={() => onValue(value.filter(one => one !== key))}
              >
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Everything that this register may be about, by what it is; what it may not be about is not asked for. */
function useNamed(kind: RegisterKindView): Named[] {
  const wanted = (subject: RegisterSubjectKind) => kind.subjects.includes(subject)
  const found = useResource(`register-subjects/${kind.kind}`, async signal => {
    const { agencies } = await call('agencies', { signal })
    const { sites } = await call('sites', { signal })
    const links = wanted('link') ? (await call('links', { signal })).links : []
    const registered: Named[] = []
    for (const register of REGISTERED.filter(wanted)) {
      const { records } = await call('registerRecords', { query: { kind: register, limit: MOST }, signal })
      registered.push(...records.map(({ id, title }) => ({ kind: register, id, name: title })))
    }
    return [
      ...agencies.map(({ id, name }): Named => ({ kind: 'agency', id, name })),
      ...sites.map(({ id, name }): Named => ({ kind: 'site', id, name })),
      ...links.map(({ id, name }): Named => ({ kind: 'link', id, name })),
      ...registered,
    ]
  })
  const devices = (wall.value?.servers ?? []).map(
    ({ id, name, kind: device }): Named => ({ kind: subjectKindOf(device), id, name }),
  )
  return [...(found.data ?? []), ...devices].filter(subject => wanted(subject.kind))
}
