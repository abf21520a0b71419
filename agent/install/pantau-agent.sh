#!/bin/sh
# The command of an installed agent.
home=/opt/pantau-agent
current=$home/versions/current
user=pantau

usage() {
  cat <<'END'
Usage: pantau-agent COMMAND

  doctor [--lang id|en]  say what is wrong, in plain words
  run                    run the agent in the foreground until it is told to stop
  backup run --dataset ID [--job NAME] [--size-of PATH] -- CMD...
                         run a backup job as you, and tell how it ended
  backup COMMAND ...     list, look, restore-test, verify (see backup --help)
  version
  uninstall              remove the agent and everything of it
END
}

# Runs a program as the agent's user: what lies in versions/ belongs to that user and must never run as root.
as_user() {
  if [ "$(id -u)" != 0 ]; then
    exec "$@"
  elif command -v setpriv >/dev/null 2>&1; then
    exec setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs -- "$@"
  else
    exec runuser -u "$user" -- "$@"
  fi
}

settings() {
  set -a
  # shellcheck disable=SC1091
  . /etc/pantau-agent/agent.env || exit 1
  set +a
}

# One program of the agent, as the agent's user.
program() {
  name=$1
  shift
  # shellcheck disable=SC2046
  as_user "$current/bin/node" $(cat "$current/flags") "$current/agent/$name.mjs" "$@"
}

# wrap OPTIONS -- CMD...: the command runs as who called it, what is told of it is written by the agent's user. It runs and
# ends as without us, also when nothing can be recorded. Standard output is not touched: it may be the data itself.
wrap() {
  dataset='' job=command size_of=''
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    case $1 in
    --dataset) dataset=${2:-} ;;
    --job) job=${2:-} ;;
    --size-of) size_of=${2:-} ;;
    *)
      echo "pantau-agent: backup run: unknown option $1" >&2
      exit 2
      ;;
    esac
    shift
    [ $# -eq 0 ] || shift
  done
  if [ $# -lt 2 ] || [ -z "$dataset" ]; then
    echo 'pantau-agent: backup run: --dataset ID and -- CMD... are needed' >&2
    exit 2
  fi
  shift
  id=''
  if [ -r /etc/pantau-agent/agent.env ]; then
    id=$(settings && program backup began --dataset "$dataset" --job "$job" --pid $$) || id=''
  fi
  [ -n "$id" ] || echo 'pantau-agent: this run is not recorded (see above; only root and the agent may tell of runs)' >&2
  place=$(mktemp -d) || exit 1
  mkfifo "$place/errors"
  tee "$place/words" <"$place/errors" >&2 &
  listener=$!
  # What is started with "&" would read nothing and hear no Ctrl-C.
  exec 3<&0
  "$@" <&3 3<&- 2>"$place/errors" &
  child=$!
  told=''
  trap 'told=yes; kill -TERM "$child" 2>/dev/null' TERM INT
  trap 'told=yes; kill -HUP "$child" 2>/dev/null' HUP
  wait "$child"
  code=$?
  # A signal ends wait early: the job still has its time, and how it ends is its own.
  while [ -n "$told" ]; do
    told=''
    wait "$child"
    code=$?
  done
  # What the job left behind may hold its standard error for ever.
  (sleep 2 && kill "$listener") </dev/null >/dev/null 2>&1 &
  guard=$!
  wait "$listener" 2>/dev/null
  kill "$guard" 2>/dev/null
  if [ -n "$id" ]; then
    set -- --id "$id" --exit "$code"
    bytes=$([ -z "$size_of" ] || du -sb "$size_of" 2>/dev/null | cut -f1)
    [ -z "$bytes" ] || set -- "$@" --bytes "$bytes"
    tail -c 8192 "$place/words" | (settings && program backup ended "$@")
  fi
  rm -rf "$place"
  exit "$code"
}

case ${1:-} in
backup)
  shift
  if [ "${1:-}" = run ]; then
    shift
    wrap "$@"
  fi
  settings
  program backup "$@"
  ;;
doctor)
  shift
  settings
  program doctor "$@"
  ;;
run)
  settings
  as_user "$home/launch" --respawn
  ;;
version) cat "$current/bundle.json" ;;
uninstall) exec sh "$home/uninstall" --uninstall ;;
*)
  usage
  [ "${1:-}" = --help ] || exit 2
  ;;
esac
