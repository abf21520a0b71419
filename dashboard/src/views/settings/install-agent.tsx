import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { t } from '../../i18n/translate.ts'
import { Skeleton } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { FirstSample } from './first-sample.tsx'

/** Such a line leads a server to itself. */
const isLoopback = (line: string) => /:\/\/(127\.|localhost|\[::1\])/.test(line)

/** The line that installs an agent with a token that was just made, and the wait for what it brings. */
export function InstallAgent({ tokenId, secret }: { tokenId: string; secret: string }) {
  const install = useResource('install', signal => call('install', { signal }))
  const { data } = install
  if (data === null) {
    return install.error === null ? (
      <Skeleton rows={2} />
    ) : (
      <ErrorNotice error={install.error} onRetry={install.reload} />
    )
  }
  return (
    <>
      {data.hindrance !== 'none' && (
        <div class="notice notice-error" role="alert">
          {t(`install.hindrance.${data.hindrance}`)}
        </div>
      )}
      {data.line !== null && (
        <>
          {isLoopback(data.line) && (
            <div class="notice" role="alert">
              {t('install.loopback')}
            </div>
          )}
          <p>{t('install.how')}</p>
          <CopyText label={t('install.line')} text={`${data.line} | sh -s -- --token ${secret}`} />
          {data.architectures
            .filter(({ state }) => state === 'no-node')
            .map(({ arch }) => (
              <p class="faint" key={arch}>
                {t('install.no-node', { arch })}
              </p>
            ))}
        </>
      )}
      <p class="soft">{t('install.not-here')}</p>
      <p class="soft">{t('install.by-hand')}</p>
      <CopyText
        label={t('enrolment.command')}
        text={`node pantau.mjs agent --collector ${location.origin} --token-file FILE`}
      />
      <FirstSample
        ask={async signal => {
          const { agents } = await call('enrolledWith', { params: { id: tokenId }, signal })
          return agents.map(({ deviceId, hostname, lastSampleAt, replaced }) => ({
            ...{ id: deviceId, name: hostname, lastSampleAt, replaced },
          }))
        }}
      />
    </>
  )
}
