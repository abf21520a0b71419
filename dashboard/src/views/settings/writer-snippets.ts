/** What goes into the configuration of a program so that it writes here; KEY stands where the secret belongs. */
export function writerSnippets(collector: URL): { name: 'telegraf' | 'icinga2' | 'curl'; text: string }[] {
  const { origin, hostname, protocol } = collector
  const isTls = protocol === 'https:'
  const port = collector.port === '' ? (isTls ? '443' : '80') : collector.port
  return [
    {
      name: 'telegraf',
      text: `[[outputs.influxdb]]
  urls = ["${origin}"]
  database = "pantau"
  skip_database_creation = true
  username = "telegraf"
  password = "KEY"
  content_encoding = "gzip"`,
    },
    {
      name: 'icinga2',
      text: `object InfluxdbWriter "pantau" {
  host = "${hostname}"
  port = ${port}
  ssl_enable = ${isTls}
  database = "pantau"
  username = "icinga2"
  password = "KEY"
  flush_interval = 10s
  host_template = {
    measurement = "$host.check_command$"
    tags = { hostname = "$host.name$" }
  }
  service_template = {
    measurement = "$service.check_command$"
    tags = { hostname = "$host.name$", service = "$service.name$" }
  }
}`,
    },
    {
      name: 'curl',
      text: `curl -i '${origin}/write?precision=s' -H 'Authorization: Token KEY' --data-binary 'room,host=srv-01 temperature=24.5'`,
    },
  ]
}
