import type { idWriters } from './id-writers.ts'

/** The same texts in English. */
export const enWriters: Record<keyof typeof idWriters, string> = {
  'settings.writers': 'Line protocol',
  'writers.text':
    'Telegraf, Icinga and other programs that speak the line protocol of InfluxDB may write here. Each host they name becomes a server on the wall.',
  'writers.name': 'Name',
  'writers.name.placeholder': 'e.g. Icinga of the health office',
  'writers.interval': 'Time between data (seconds)',
  'writers.interval.help': 'Three times that without data, and a host is “unknown”.',
  'writers.max-hosts': 'Hosts at most',
  'writers.create': 'Make key',
  'writers.made': 'Key for “{name}” made',
  'writers.snippet.telegraf': 'telegraf.conf',
  'writers.snippet.icinga2': 'Icinga 2, features-available/influxdb.conf',
  'writers.snippet.curl': 'Try it with curl',
  'writers.snippet.note':
    'Put the secret above in place of KEY. collectd sends through Telegraf (inputs.socket_listener).',
  'writers.hosts': 'Hosts',
  'writers.last-write': 'Last data',
  'writers.lines': 'Lines taken',
  'writers.refused': 'Refused',
  'writers.text-fields': 'Text fields',
  'writers.last-refusal': 'Last refusal: {message}',
  'writers.since-start':
    'Lines are counted since the collector was started. Fields of text are no numbers and are not kept.',
  'writers.empty': 'No writers yet',
  'writers.revoke.title': 'Revoke the key of “{name}”?',
  'writers.revoke.text': 'This program can write no more. All hosts it brought become “unknown”.',
  'writers.revoked': 'Key of “{name}” revoked',
  'agents.writer': 'by line protocol',
  'graphs.others': 'All that this host sends',
  'graphs.more': 'Show {n} more',
  'graphs.lines-more': '{n} more series is not drawn|{n} more series are not drawn',
}
