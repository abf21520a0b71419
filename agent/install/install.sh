#!/bin/sh
# Installs, upgrades, repairs or removes the Pantau agent. The collector that serves this text puts its own values in
# front of it: collector, pin, version, sequence, signing_key, served_at, sha256_x64, sha256_arm64 and their bytes.
# shellcheck disable=SC2154
set -eu
umask 077
# An administrator's own settings must not change what tools print or where they are looked for.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

home=/opt/pantau-agent
data=/var/lib/pantau-agent
settings=/etc/pantau-agent
unit=/etc/systemd/system/pantau-agent.service
init=/etc/init.d/pantau-agent
command=/usr/local/sbin/pantau-agent
log=/var/log/pantau-agent.log
user=pantau
needed_kb=260000

mode=install
token=${PANTAU_INSTALL_TOKEN:-}
unset PANTAU_INSTALL_TOKEN
token_file=
interval=
start=yes
fresh=no
work=
tongue=${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}

# say ENGLISH INDONESIAN
say() {
  case $tongue in id*) printf '%s\n' "$2" ;; *) printf '%s\n' "$1" ;; esac
}

# fail EXIT-CODE ENGLISH INDONESIAN
fail() {
  code=$1
  shift
  printf 'pantau-agent: ' >&2
  say "$@" >&2
  exit "$code"
}

usage() {
  cat <<'END'
Usage: install.sh [--token TOKEN | --token-file FILE] [options]

  --token TOKEN      enrolment token, needed once for a machine
  --token-file FILE  the same from a file, which is left where it is
  --interval-ms N    time between measurements (default 10000)
  --no-start         install and enrol, start nothing: "pantau-agent run" runs it in the foreground
  --dry-run          only say what would be done
  --uninstall        stop the agent and remove everything of it
  --lang id|en       language of the messages

Run again it upgrades to what the collector gives out now, or repairs. Exit codes: 2 wrong option, 3 not root, 4 this
machine can't run it, 5 the collector can't be reached or isn't the right one, 6 the enrolment was refused, 7 no space.
END
}

have() { command -v "$1" >/dev/null 2>&1; }

read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
    --token | --token-file | --interval-ms | --lang)
      [ $# -gt 1 ] || fail 2 "$1 needs a value" "$1 memerlukan nilai"
      case $1 in
      --token) token=$2 ;;
      --token-file) token_file=$2 ;;
      --interval-ms) interval=$2 ;;
      --lang) tongue=$2 ;;
      esac
      shift
      ;;
    --no-start) start=no ;;
    --dry-run) mode=dry-run ;;
    --uninstall) mode=uninstall ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) fail 2 "unknown option $1 (see --help)" "opsi $1 tidak dikenal (lihat --help)" ;;
    esac
    shift
  done
  case $interval in *[!0-9]*) fail 2 "--interval-ms must be a number" "--interval-ms harus berupa angka" ;; esac
  if [ -n "$token_file" ]; then
    [ -r "$token_file" ] || fail 2 "$token_file can't be read" "$token_file tidak dapat dibaca"
    token=$(cat "$token_file")
  fi
}

check_root() {
  [ "$(id -u)" = 0 ] || fail 3 "must run as root: put \"sudo\" before \"sh\"" "harus dijalankan sebagai root: tulis \"sudo\" sebelum \"sh\""
}

check_machine() {
  [ "$(uname -s)" = Linux ] || fail 4 "runs on Linux only, this is $(uname -s)" "hanya berjalan di Linux, ini $(uname -s)"
  machine=$(uname -m)
  case $machine in
  x86_64 | amd64) arch=x64 sha256=$sha256_x64 ;;
  aarch64 | arm64) arch=arm64 sha256=$sha256_arm64 ;;
  *) fail 4 "runs on x86_64 and aarch64 only, this is $machine" "hanya untuk x86_64 dan aarch64, ini $machine" ;;
  esac
  [ -n "$sha256" ] || fail 4 "this collector has no bundle for $arch (see its guide \"Adding a server\")" \
    "kolektor ini tidak mempunyai bundel untuk $arch (lihat panduan \"Menambah server\")"
  for file in /lib/ld-musl-* /usr/lib/ld-musl-*; do
    # A Debian with the package musl is no musl system: its own C library decides.
    if [ -e "$file" ] && ! have getconf; then
      fail 4 "needs a Linux with glibc, this one is built on musl (Alpine)" "memerlukan Linux dengan glibc, sistem ini memakai musl (Alpine)"
    fi
  done
  for tool in tar gzip sha256sum; do
    have $tool || fail 4 "the command $tool is missing" "perintah $tool tidak ada"
  done
  have curl || have wget || fail 4 "curl or wget is missing" "curl atau wget tidak ada"
  place=$(dirname "$home")
  free_kb=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $4 }')
  [ "${free_kb:-$needed_kb}" -ge "$needed_kb" ] ||
    fail 7 "$place has $((free_kb / 1024)) MB free, $((needed_kb / 1024)) MB are needed" \
      "$place tersisa $((free_kb / 1024)) MB, diperlukan $((needed_kb / 1024)) MB"
  skew=$(($(date +%s) - served_at))
  if [ "${skew#-}" -gt 300 ]; then
    say "Note: the clock of this machine is $skew s off the collector's. Set up NTP." \
      "Catatan: jam mesin ini berbeda $skew detik dari kolektor. Pasang NTP."
  fi
}

which_init() {
  if [ -d /run/systemd/system ] && have systemctl; then
    echo systemd
  elif [ -d /etc/init.d ] && have start-stop-daemon && have update-rc.d; then
    echo sysvinit
  else
    echo none
  fi
}

# fetch PATH FILE
fetch() {
  status=0
  if have curl; then
    if [ -n "$pin" ]; then
      curl -fsS -k --pinnedpubkey "$pin" --retry 3 -o "$2" "$collector$1" || status=$?
    else
      curl -fsS --retry 3 -o "$2" "$collector$1" || status=$?
    fi
  elif [ -n "$pin" ]; then
    # wget can't pin everywhere; the hash below came with this script, over the connection that was pinned.
    wget -q --no-check-certificate -O "$2" "$collector$1" || status=$?
  else
    wget -q -O "$2" "$collector$1" || status=$?
  fi
  [ $status -eq 0 ] && return
  case $(have curl && echo curl)$status in
  curl6) fail 5 "the name in $collector can't be resolved" "nama pada $collector tidak dapat ditemukan (DNS)" ;;
  curl7 | curl28) fail 5 "$collector can't be reached: look at route and firewall" "$collector tidak terjangkau: periksa rute dan firewall" ;;
  curl60) fail 5 "the certificate of $collector is not trusted here, or this clock is wrong ($(date))" "sertifikat $collector tidak dipercaya di sini, atau jam ini salah ($(date))" ;;
  curl90) fail 5 "$collector has another key than the one this script was made with: someone is in between, or the collector was replaced" "$collector memakai kunci lain: ada pihak di tengah, atau kolektor diganti" ;;
  curl23) fail 7 "$2 can't be written" "$2 tidak dapat ditulis" ;;
  *) fail 5 "$collector$1 could not be fetched (exit code $status)" "$collector$1 tidak dapat diambil (kode $status)" ;;
  esac
}

plan() {
  say "Would be done:" "Yang akan dilakukan:"
  cat <<END
  fetch    $collector$(bundle_path)
  verify   SHA-256 $sha256
  user     $user (system, no login)
  write    $home/versions/$version-$sequence, $home/launch, $command
  write    $settings/agent.env, $data
END
  case $(which_init) in
  systemd) echo "  service  $unit (systemd)" ;;
  sysvinit) echo "  service  $init (sysvinit)" ;;
  none) echo "  service  none: \"pantau-agent run\" in the foreground" ;;
  esac
  if [ -s "$data/identity.json" ]; then echo "  enrol    only if its key is not good any more"; else echo "  enrol    at $collector"; fi
}

bundle_path() { echo "/install/agent-$arch.tar.gz"; }

unpack_bundle() {
  say "Fetching the agent $version for $arch ..." "Mengambil agen $version untuk $arch ..."
  fetch "$(bundle_path)" "$work/bundle.tar.gz"
  echo "$sha256  $work/bundle.tar.gz" | sha256sum -c >/dev/null 2>&1 ||
    fail 5 "the bundle is not the one this script was made for: fetch the script again" "bundel tidak cocok dengan skrip ini: ambil skripnya lagi"
  umask 022
  mkdir -p "$home/versions"
  next=$home/versions/.unpack
  rm -rf "$next"
  mkdir "$next"
  tar -xzf "$work/bundle.tar.gz" -C "$next" || fail 7 "the bundle can't be unpacked into $home" "bundel tidak dapat dibuka di $home"
  rm "$work/bundle.tar.gz"
  umask 077
  said=$("$next/bin/node" --version 2>&1) || fail 4 "its Node does not run here: $said" "Node bawaannya tidak berjalan di sini: $said"
}

make_user() {
  if ! grep -q "^$user:" /etc/passwd; then
    useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$user" ||
      fail 4 "the user $user can't be made" "pengguna $user tidak dapat dibuat"
    made_user=yes
  fi
}

write_settings() {
  mkdir -p "$settings"
  chown "root:$user" "$settings"
  chmod 0750 "$settings"
  [ "${made_user:-no}" = no ] || : >"$settings/made-user"
  kept=$settings/agent.env
  {
    # What an administrator added stays.
    if [ -f "$kept" ]; then grep -vE '^(#|PANTAU_(COLLECTOR|PIN|AGENT_DATA|AGENT_HOME|SIGNING_KEY)=)' "$kept" || :; fi
    if [ -n "$interval" ]; then echo "PANTAU_INTERVAL_MS='$interval'"; fi
    echo "# These are written by the installer."
    echo "PANTAU_COLLECTOR='$collector'"
    if [ -n "$pin" ]; then echo "PANTAU_PIN='$pin'"; fi
    echo "PANTAU_AGENT_DATA='$data'"
    echo "PANTAU_AGENT_HOME='$home'"
    echo "PANTAU_SIGNING_KEY='$signing_key'"
  } >"$work/agent.env"
  cp "$work/agent.env" "$kept"
  chown "root:$user" "$kept"
  chmod 0640 "$kept"
}

enrol() {
  mkdir -p "$data"
  chmod 0700 "$data"
  set --
  if [ -n "$token" ]; then
    printf '%s' "$token" >"$work/token"
    set -- --token-file "$work/token"
  fi
  token=
  status=0
  # shellcheck disable=SC2046
  (
    set -a
    # shellcheck disable=SC1091
    . "$settings/agent.env"
    exec "$next/bin/node" $(cat "$next/flags") "$next/agent/enrol.mjs" "$@"
  ) || status=$?
  rm -f "$work/token"
  [ $status -eq 0 ] || fail 6 "the enrolment did not succeed; the line above says why" "pendaftaran gagal; alasannya di baris atas"
  chown -R "$user:$user" "$data"
}

place_files() {
  stop_service
  target=$home/versions/$version-$sequence
  rm -rf "$target"
  mv "$next" "$target"
  rm -f "$home/versions/.trial" "$home/versions/.trial-starts"
  before=$(readlink "$home/versions/current" 2>/dev/null || :)
  ln -sfn "$version-$sequence" "$home/versions/current"
  for old in "$home"/versions/*; do
    case ${old##*/} in current | "$version-$sequence" | "$before") ;; *) rm -rf "$old" ;; esac
  done
  chown -R "$user:$user" "$home/versions"
  cp "$target/install/launch.sh" "$home/launch"
  cp "$0" "$home/uninstall"
  mkdir -p "$(dirname "$command")"
  cp "$target/install/pantau-agent.sh" "$command"
  chmod 0755 "$home" "$home/versions" "$home/launch" "$home/uninstall" "$command"
}

install_service() {
  case $(which_init) in
  systemd)
    cp "$target/install/pantau-agent.service" "$unit"
    chmod 0644 "$unit"
    systemctl daemon-reload
    systemctl enable --quiet pantau-agent.service
    ;;
  sysvinit)
    cp "$target/install/pantau-agent.init" "$init"
    chmod 0755 "$init"
    update-rc.d pantau-agent defaults >/dev/null
    ;;
  esac
}

start_service() {
  case $(which_init) in
  systemd) systemctl restart pantau-agent.service ;;
  sysvinit) "$init" start >/dev/null ;;
  none)
    say "Neither systemd nor sysvinit is here: let your supervisor run \"pantau-agent run\"." "Tidak ada systemd maupun sysvinit: jalankan \"pantau-agent run\" lewat pengawas proses Anda."
    return
    ;;
  esac
  sleep 1
  case $(which_init) in
  systemd) systemctl is-active --quiet pantau-agent.service ;;
  sysvinit) "$init" status >/dev/null ;;
  esac || fail 1 "the agent ended at once; \"pantau-agent doctor\" says why" "agen langsung berhenti; \"pantau-agent doctor\" menjelaskan sebabnya"
}

stop_service() {
  if [ -f "$unit" ] && [ -d /run/systemd/system ]; then systemctl stop pantau-agent.service 2>/dev/null || :; fi
  if [ -x "$init" ]; then "$init" stop >/dev/null 2>&1 || :; fi
}

remove_all() {
  stop_service
  if [ -f "$unit" ]; then
    if [ -d /run/systemd/system ]; then systemctl disable --quiet pantau-agent.service 2>/dev/null || :; fi
    rm -f "$unit"
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
  fi
  if [ -f "$init" ]; then
    rm -f "$init"
    update-rc.d pantau-agent remove >/dev/null 2>&1 || :
  fi
  made=no
  if [ -f "$settings/made-user" ] || [ "${made_user:-no}" = yes ]; then made=yes; fi
  rm -rf "$home" "$data" "$settings"
  rm -f "$command" "$log" /run/pantau-agent.pid
  if [ $made = yes ]; then userdel "$user" 2>/dev/null || :; fi
}

leave() {
  code=$?
  trap - EXIT
  if [ $code -ne 0 ] && [ "$fresh" = yes ]; then remove_all; fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
  case $0 in "${PANTAU_INSTALL_STAGE:-/}"/*) rm -rf "$PANTAU_INSTALL_STAGE" ;; esac
  exit $code
}

main() {
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  read_arguments "$@"
  if [ $mode = uninstall ]; then
    check_root
    remove_all
    say "The agent is removed. On the collector the server stays until someone removes it." "Agen telah dihapus. Di kolektor, server tetap ada sampai dihapus."
    return
  fi
  [ $mode = dry-run ] || check_root
  check_machine
  if [ ! -s "$data/identity.json" ] && [ -z "$token" ]; then
    fail 2 "--token is missing: this machine is not enrolled yet" "--token tidak ada: mesin ini belum didaftarkan"
  fi
  if [ $mode = dry-run ]; then
    plan
    return
  fi
  work=$(mktemp -d)
  if [ ! -e "$settings" ] && [ ! -e "$home" ]; then fresh=yes; fi
  unpack_bundle
  make_user
  write_settings
  enrol
  place_files
  install_service
  fresh=no
  [ $start = no ] || start_service
  say "The agent $version is installed. The page of the collector shows its first sample." "Agen $version terpasang. Halaman kolektor menampilkan hasil ukur pertamanya."
}

main "$@"
