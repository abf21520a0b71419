// The scripts that routers run: a few lines each, with the router's own key, made to be pasted into its terminal.

export type PushScriptValues = {
  /** Address of the collector without a slash at the end. */
  collector: string
  /** "sha256//..." or empty where the public authorities vouch for it. */
  pin: string
  key: string
}

export const PUSH_SCRIPTS = { openwrt: openWrtScript, routeros: routerOsScript } as const

/**
 * For BusyBox sh. With a pin it needs a curl or wget that can check it: without, anybody in between would get the key.
 * The file is for root only; curl reads the key from it, so that it is in no list of processes.
 */
function openWrtScript({ collector, pin, key }: PushScriptValues): string {
  const url = `${collector}/api/v1/push`
  const trust = pin === '' ? '' : `insecure\npinnedpubkey = "${pin}"\n`
  return `cat >/etc/pantau-push.curl <<'END'
url = "${url}"
header = "Authorization: Bearer ${key}"
${trust}END
cat >/etc/pantau-push.sh <<'END'
#!/bin/sh
# Sends figures of this router to Pantau, each minute by cron.
umask 077
figures() {
  read -r up _ </proc/uptime && echo "uptime=$up"
  awk '/^cpu /{split("user nice system idle iowait irq softirq steal",m);for(i=1;i<9;i++)if($(i+1)!="")print "cpu:" m[i] "=" $(i+1)}' /proc/stat
  awk '/^MemTotal:/{printf "memory_total=%.0f\\n",$2*1024} /^MemAvailable:/{printf "memory_available=%.0f\\n",$2*1024}' /proc/meminfo
  for d in /sys/class/net/*; do
    n=\${d##*/}
    if [ "$n" = lo ] || [ ! -d "$d/statistics" ]; then continue; fi
    echo "if:$n:index=$(cat "$d/ifindex")"
    for c in rx_bytes tx_bytes rx_packets tx_packets rx_errors tx_errors; do
      echo "if:$n:$c=$(cat "$d/statistics/$c")"
    done
  done
}
if command -v curl >/dev/null; then
  figures | curl -fsS -m 20 -o /dev/null -K /etc/pantau-push.curl --data-binary @-
elif ${pin === '' ? 'command -v wget >/dev/null' : 'wget --help 2>&1 | grep -q pinnedpubkey'}; then
  figures >/tmp/pantau-push.$$
  wget -q -T 20 -O /dev/null ${pin === '' ? '' : `--no-check-certificate --pinnedpubkey='${pin}' `}--header "$(sed -n 's/^header = "\\(.*\\)"$/\\1/p' /etc/pantau-push.curl)" --post-file=/tmp/pantau-push.$$ '${url}'
  code=$?
  rm -f /tmp/pantau-push.$$
  exit $code
else
  echo 'pantau-push: needs curl: opkg update && opkg install curl' >&2
  exit 1
fi
END
chmod 600 /etc/pantau-push.curl; chmod 700 /etc/pantau-push.sh
{ crontab -l 2>/dev/null | grep -v pantau-push; echo '* * * * * /etc/pantau-push.sh'; } | crontab -
[ ! -x /etc/init.d/cron ] || { /etc/init.d/cron enable; /etc/init.d/cron restart; }
[ ! -f /etc/sysupgrade.conf ] || grep -q pantau-push /etc/sysupgrade.conf || printf '%s\\n' /etc/pantau-push.curl /etc/pantau-push.sh >>/etc/sysupgrade.conf
/etc/pantau-push.sh && echo 'pantau-push: sent'
`
}

/**
 * For RouterOS 6.49 and 7. /tool fetch knows no pin: where only a pin vouches for the collector the certificate is not
 * checked, so whoever is in between could learn this key. It is good for figures of this one router and nothing else.
 */
function routerOsScript({ collector, pin, key }: PushScriptValues): string {
  const check = collector.startsWith('http:') ? '' : ` check-certificate=${pin === '' ? 'yes' : 'no'}`
  return `/system script remove [find name=pantau-push]
/system script add name=pantau-push policy=read,test source={
:local b ("uptime=" . [/system resource get uptime])
:set b ($b . "\\ncpu_percent=" . [/system resource get cpu-load])
:set b ($b . "\\nmemory_total=" . [/system resource get total-memory])
:set b ($b . "\\nmemory_available=" . [/system resource get free-memory])
:foreach i in=[/interface find] do={
:local n ("\\nif:" . [/interface get $i name])
:set b ($b . $n . ":index=" . $i . $n . ":rx_bytes=" . [/interface get $i rx-byte] . $n . ":tx_bytes=" . [/interface get $i tx-byte])
}
/tool fetch url="${collector}/api/v1/push" http-method=post${check} output=none http-header-field="Authorization: Bearer ${key}" http-data=$b
}
/system scheduler remove [find name=pantau-push]
/system scheduler add name=pantau-push interval=1m policy=read,test on-event="/system script run pantau-push"
/system script run pantau-push
`
}
