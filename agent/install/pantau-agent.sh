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

case ${1:-} in
doctor)
  shift
  settings
  # shellcheck disable=SC2046
  as_user "$current/bin/node" $(cat "$current/flags") "$current/agent/doctor.mjs" "$@"
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
