import type { Discovered } from '../../../../protocol/snmp.ts'
import type { TaskView } from '../../../../protocol/tasks.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import type { Chosen } from './chosen.ts'
import { SweepResult } from './sweep-result.tsx'

type Props = { taskId: string; sweep: Discovered; options: Chosen; onResumed: (task: TaskView) => void }

/** A sweep that a restart or a silent agent ended: what it found, and the way on. */
export function InterruptedSweep({ taskId, sweep, options, onResumed }: Props) {
  const resume = useAction(async () => onResumed(await call('resumeSweep', { params: { taskId }, body: {} })))
  return (
    <>
      <div class="card probe probe-bad" role="status">
        <p>{t('sweep.interrupted')}</p>
        <ErrorNotice error={resume.error} />
        <div class="form-actions">
          <Button kind="primary" busy={resume.busy} onClick={() => void resume.run()}>
            {t('sweep.resume')}
          </Button>
        </div>
      </div>
      <SweepResult sweep={sweep} options={options} isInterrupted />
    </>
  )
}
