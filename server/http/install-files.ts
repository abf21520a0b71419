// What machines fetch before they have a key: the install script and the bundles. They tell nothing secret.
import type { Express } from 'express'
import { ARCHITECTURES, bundlePath } from '../../protocol/upgrade.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Services } from './services.ts'

const HINDRANCES = {
  'public-url-missing': 'Set publicUrl in the configuration of the collector: agents must know how to reach it.',
  'public-url-plain': 'publicUrl of the collector begins with http://: agents on other machines speak only https.',
  'not-built': 'The agent is not built on this collector: run "npm run build" there.',
} as const

export function serveInstallFiles(app: Express, { install }: Services): void {
  app.get('/install.sh', async (_request, response) => {
    const script = await install.script()
    response.set('cache-control', 'no-store').type('text/x-shellscript')
    if (script !== null) return void response.send(script)
    const hindrance = install.hindrance()
    // Whoever pipes this into a shell reads the reason there.
    const reason = hindrance === 'none' ? 'Try again.' : HINDRANCES[hindrance]
    response.status(503).send(`echo 'pantau-agent: ${reason}' >&2\nexit 5\n`)
  })
  for (const arch of ARCHITECTURES) {
    app.get(bundlePath(arch), async (_request, response) => {
      const bundle = await install.bundles.get(arch)
      if (bundle === null) throw new ProblemError('not-found', `This collector has no bundle for ${arch}`)
      response.set({ 'cache-control': 'no-store', etag: `"${bundle.sha256}"` }).type('application/gzip')
      await new Promise<void>((resolve, reject) =>
        // The path is our own and may lie below a directory whose name begins with a dot.
        response.sendFile(bundle.file, { dotfiles: 'allow', etag: false, cacheControl: false }, error =>
          error === undefined || response.headersSent ? resolve() : reject(error),
        ),
      )
    })
  }
}

/** Errors: `wrong-state` while agents that enrol now could not find back. */
export function refuseUnreachable({ install }: Pick<Services, 'install'>): void {
  if (install.hindrance() !== 'public-url-missing') return
  throw new ProblemError('wrong-state', HINDRANCES['public-url-missing'])
}
