import type { SnmpTested } from '../../../../protocol/snmp.ts'
import type { SnmpTrouble } from '../../../../protocol/snmp-words.ts'
import type { TaskView } from '../../../../protocol/tasks.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { formatSeconds } from '../../format/seconds.ts'
import { language, t } from '../../i18n/translate.ts'
import { Spinner } from '../../ui/button.tsx'
import { SimulatedMark } from '../../ui/simulated.tsx'
import { AddFound } from './add-found.tsx'
import type { Chosen } from './chosen.ts'
import { InterruptedSweep } from './interrupted-sweep.tsx'
import { SweepResult } from './sweep-result.tsx'

/** What came of a test or a sweep, in plain words. */
export function ProbeResult({
  task,
  options,
  isLost,
  onResumed,
}: {
  task: TaskView
  options: Chosen
  isLost: boolean
  onResumed: (task: TaskView) => void
}) {
  const { result, state, order } = task
  if (isLost)
    return (
      <p class="card probe-bad" role="status">
        {t('probe.lost')}
      </p>
    )
  if (state === 'expired' && result?.outcome === 'discovered')
    return <InterruptedSweep taskId={task.id} sweep={result} options={options} onResumed={onResumed} />
  if (state === 'expired') return <p class="card probe-bad">{t('probe.expired')}</p>
  if (result?.outcome === 'snmp-tested' && order.kind === 'snmp-test') {
    return <Tested address={order.address} tested={result} options={options} />
  }
  if (result?.outcome === 'discovered') return <SweepResult sweep={result} options={options} />
  if (result?.outcome === 'failed' || result?.outcome === 'not-offered') {
    return <p class="card probe-bad">{t('probe.failed', { reason: result.reason })}</p>
  }
  const address = order.kind === 'snmp-test' ? order.address : order.kind === 'discover' ? order.ranges.join(', ') : ''
  return (
    <p class="card" role="status">
      <Spinner /> {state === 'waiting' ? t('probe.waiting') : t('probe.running', { address })}
    </p>
  )
}

/** The nearest that any credential came to working says most. */
const TELLING_MOST: readonly SnmpTrouble[] = [
  ...(['view-too-small', 'wrong-privacy-key', 'wrong-key', 'wrong-level', 'wrong-user', 'wrong-community'] as const),
  ...(['garbage', 'other-address', 'port-closed', 'no-answer', 'no-route'] as const),
]

function Tested({ address, tested, options }: { address: string; tested: SnmpTested; options: Chosen }) {
  const credentials = useResource('credentials', signal => call('credentials', { signal }))
  const nameOf = (id: string) => credentials.data?.credentials.find(one => one.id === id)?.name ?? ''
  const { found, trials, pinged } = tested
  const trouble = TELLING_MOST.find(one => trials.some(trial => trial.trouble === one)) ?? null
  const identity = found?.identity ?? null
  const roundTripMs = trials.find(({ credentialId }) => credentialId === found?.credentialId)?.roundTripMs ?? 0
  return (
    <section class={`card probe ${found === null ? 'probe-bad' : 'probe-good'}`} aria-live="polite">
      {found === null || identity === null ? (
        <>
          <h3>{trouble === null ? t('trouble.no-answer') : t(`trouble.${trouble}`)}</h3>
          <p>{t(`trouble.${trouble ?? 'no-answer'}.advice`)}</p>
        </>
      ) : (
        <>
          <h3>
            {t('probe.works', {
              time: formatSeconds(roundTripMs / 1000, language.value),
              name: nameOf(found.credentialId),
            })}
          </h3>
          <p>
            {identity.vendor === null && identity.model === null
              ? t('probe.found.nothing', { interfaces: found.interfaces })
              : t('probe.found', {
                  ...{ vendor: identity.vendor ?? '', model: identity.model ?? '', interfaces: found.interfaces },
                })}{' '}
            {identity.simulated && <SimulatedMark />}
          </p>
          {trouble !== null && found !== null && trouble === 'view-too-small' && (
            <p>{t(`trouble.${trouble}.advice`)}</p>
          )}
        </>
      )}
      {pinged !== null && found === null && <p class="soft">{pinged ? t('probe.pinged') : t('probe.not-pinged')}</p>}
      {trials.length > 1 && (
        <ul class="probe-trials" aria-label={t('probe.trials')}>
          {trials.map(trial => (
            <li key={trial.credentialId}>
              {nameOf(trial.credentialId)}: {trial.trouble === null ? t('probe.ok') : t(`trouble.${trial.trouble}`)}
            </li>
          ))}
        </ul>
      )}
      <AddFound
        address={address}
        options={options}
        credentialId={found?.credentialId ?? options.credentialIds[0] ?? ''}
        identity={identity}
      />
    </section>
  )
}
