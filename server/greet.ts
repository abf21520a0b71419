import { prepareSetUpLink } from './access/setup-link.ts'
import type { Config } from './config.ts'
import type { Logger } from './platform/logs.ts'
import type { Records } from './stores/records/records.ts'

/** Says where the wall is, and to the first who comes how to get in. The link goes to the terminal, not to the log. */
export async function greet(deps: {
  config: Config
  log: Logger
  records: Records
  now: () => number
  version: string
  address: string
}): Promise<void> {
  const { config, log, records, now, version, address } = deps
  log.info({ url: address, data: config.data, version }, 'Collector is ready')
  const link = await prepareSetUpLink({ records, now })
  const where = config.publicUrl ?? address
  process.stderr.write(
    link === null
      ? `\n  Pantau: ${where}\n\n`
      : `\n  Pantau: ${where}\n  Create the first administrator here (works once)\n  Buat administrator pertama di sini (sekali pakai):\n  ${where}/setup#${link}\n\n`,
  )
}
