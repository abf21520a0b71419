import { navigate } from '../../app/navigation.ts'
import { BACKUP_SECTIONS, type BackupSection, pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { Switch } from '../../ui/switch.tsx'
import { ClassesPanel } from './classes-panel.tsx'
import { CoveragePanel } from './coverage-panel.tsx'
import { DrcPanel } from './drc-panel.tsx'
import { JobsPanel } from './jobs-panel.tsx'
import { OwnCopyLine } from './own-copy-line.tsx'
import { SupervisionPanel } from './supervision-panel.tsx'
import './backups.css'

/** Who backs up what where, by which jobs, who must be reminded, the recovery centres, and the limits. */
export function BackupsScreen({ section }: { section: BackupSection }) {
  useTitle(t(`backups.${section}`))
  return (
    <div class={section === 'coverage' ? 'page page-wide' : 'page'}>
      <div class="page-head">
        <h1>{t('backups.title')}</h1>
        <Switch
          label={t('backups.section')}
          choices={BACKUP_SECTIONS}
          chosen={section}
          onChoose={chosen => navigate(pathOf({ screen: 'backups', section: chosen }))}
          show={one => t(`backups.${one}`)}
        />
      </div>
      <OwnCopyLine />
      {section === 'coverage' && <CoveragePanel />}
      {section === 'jobs' && <JobsPanel />}
      {section === 'supervision' && <SupervisionPanel />}
      {section === 'drc' && <DrcPanel />}
      {section === 'classes' && <ClassesPanel />}
    </div>
  )
}
