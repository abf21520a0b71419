// What to write where so that backups of a data set are told here: lines that can be copied as they stand.

/** For crontab: the nightly job says when it begins and with which number it ended. */
export function cronLines(url: string): string {
  return `# m h dom mon dow
15 1 * * * curl -fsS -m 10 --retry 5 -o /dev/null ${url}/start; /usr/local/sbin/backup.sh; curl -fsS -m 10 --retry 5 -o /dev/null ${url}/$?`
}

/** Where an agent runs: it tells begin, end, number and size by itself, also after days without a line. */
export function wrapLines(datasetId: string): string {
  return `pantau backup run --dataset ${datasetId} -- /usr/local/sbin/backup.sh`
}

/** A job in the agent's own file, where the credentials stay. */
export function fileLines(datasetId: string, name: string): string {
  return `# /etc/pantau/backups.yaml
jobs:
  - dataset: ${datasetId}
    name: ${name}
    tool: restic
    repository: /srv/cadangan/restic
    passwordFile: /etc/pantau/restic-password
    restoreTest: { every: 30d, between: "22:00-05:00" }`
}

/** A name that a job may have: small letters, digits and hyphens. */
export function jobNameOf(title: string): string {
  const name = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return name.slice(0, 50) || 'cadangan'
}
