#!/bin/sh
# Starts the agent, and takes an upgrade back that does not deliver. Independent of the bundles, so that a broken one can't
# break it. With --respawn it also starts the agent again, for machines where no service manager does.
#
# versions/current        name of the version that runs
# versions/.trial         "NEW OLD": written by the agent before it switches, removed by NEW once a batch of it was acknowledged
# versions/.trial-starts  one line for each start of NEW
set -u
home=${PANTAU_AGENT_HOME:-/opt/pantau-agent}
versions=$home/versions
trial_s=${PANTAU_TRIAL_S:-300}
most_starts=3

# What is free goes back to the machine: 5 MB of an agent. The same stands in server/platform/agent-program.ts.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TOP_PAD_=4096 MALLOC_TRIM_THRESHOLD_=65536

# decide CURRENT NEW OLD STARTS: "run" it, "watch" it, or go "back". No state, no clock: tested as a table.
decide() {
  if [ -z "$2" ] || [ "$1" != "$2" ] || [ -z "$3" ]; then
    echo run
  elif [ "$4" -ge "$most_starts" ]; then
    echo back
  else
    echo watch
  fi
}

if [ "${1:-}" = --decide ]; then
  shift
  decide "$@"
  exit
fi

read_state() {
  current=$(readlink "$versions/current")
  new='' old='' starts=0
  if [ -f "$versions/.trial" ]; then read -r new old <"$versions/.trial" || :; fi
  if [ -f "$versions/.trial-starts" ]; then starts=$(grep -c '' "$versions/.trial-starts"); fi
}

go_back() {
  echo "pantau-agent: version $new did not deliver, going back to $old" >&2
  # The note of what failed comes first: a crash between these lines only repeats them.
  echo "$new" >"$versions/.failed"
  ln -sfn "$old" "$versions/.current-new" && mv -T "$versions/.current-new" "$versions/current"
  rm -f "$versions/.trial" "$versions/.trial-starts"
}

child=
stop() {
  told=yes
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}

# run_child: as a child, until it ends. Sets $code. With a deadline it is killed while it is still on trial after it.
run_child() {
  told=no
  # shellcheck disable=SC2046
  "$versions/current/bin/node" $(cat "$versions/current/flags") "$versions/current/agent/agent.mjs" &
  child=$!
  guard=
  if [ -n "${1:-}" ]; then
    (
      sleep "$1"
      if [ -f "$versions/.trial" ]; then kill -KILL "$child"; fi
    ) &
    guard=$!
  fi
  wait "$child"
  code=$?
  # A signal ends wait early: the agent still has its time to deliver.
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
  done
  child=
  if [ -n "$guard" ]; then kill "$guard" 2>/dev/null; fi
}

trap stop TERM INT HUP
respawn=no
[ "${1:-}" = --respawn ] && respawn=yes

while :; do
  read_state
  case $(decide "$current" "$new" "$old" "$starts") in
  back)
    go_back
    continue
    ;;
  watch)
    echo "$current" >>"$versions/.trial-starts"
    run_child "$trial_s"
    # Killed by the guard: this trial is over, however often it was started.
    if [ "$code" = 137 ] && [ -f "$versions/.trial" ]; then
      go_back
      continue
    fi
    ;;
  run)
    if [ $respawn = no ]; then
      # shellcheck disable=SC2046
      exec "$versions/current/bin/node" $(cat "$versions/current/flags") "$versions/current/agent/agent.mjs"
    fi
    run_child
    ;;
  esac
  # 0 stopped, 2 wrong option, 3 refused by the collector: to start again would not help. 75: an upgrade wants its start.
  if [ "$told" = yes ] || [ $respawn = no ] || [ "$code" = 0 ] || [ "$code" = 2 ] || [ "$code" = 3 ]; then exit "$code"; fi
  [ "$code" = 75 ] || sleep 5 &
  wait $! 2>/dev/null
  [ "$told" = no ] || exit "$code"
done
