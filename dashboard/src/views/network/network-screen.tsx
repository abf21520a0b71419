import { navigate } from '../../app/navigation.ts'
import { NETWORK_SECTIONS, type NetworkSection, pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { Switch } from '../../ui/switch.tsx'
import { AvailabilityTables } from './availability-tables.tsx'
import { CalendarsList } from './calendars-list.tsx'
import { LinksList } from './links-list.tsx'
import { MaintenanceList } from './maintenance-list.tsx'
import { TopologyPanel } from './topology-panel.tsx'
import './network.css'

/** Links and agencies, how available they were, who hangs on whom, and what is planned. */
export function NetworkScreen({ section }: { section: NetworkSection }) {
  useTitle(t(`network.${section}`))
  return (
    <div class="page network">
      <div class="page-head">
        <h1>{t('nav.network')}</h1>
        <Switch
          label={t('network.section')}
          choices={NETWORK_SECTIONS}
          chosen={section}
          onChoose={chosen => navigate(pathOf({ screen: 'network', section: chosen }))}
          show={one => t(`network.${one}`)}
        />
      </div>
      {section === 'links' && <LinksList />}
      {section === 'availability' && <AvailabilityTables />}
      {section === 'topology' && <TopologyPanel />}
      {section === 'maintenance' && <MaintenanceList />}
      {section === 'calendars' && <CalendarsList />}
    </div>
  )
}
