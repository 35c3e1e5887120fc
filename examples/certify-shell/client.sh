#!/usr/bin/env bash
# A client of a9s restores. It waits before it retries, does not start a restore twice, and follows it to its end.
set -uo pipefail
. "$(dirname "$0")/adapter.sh"

# The id of the restore that runs or ran last.
latest_restore() { grep -o '"id":[0-9]*' <<<"$body" | head -1 | cut -d: -f2; }

# Ends with the outcome of a restore.
follow() {
  while ask "$url/$destination/restores/$1"; do
    case $body in
    *'"status":"done"'*) exit 0 ;;
    *'"status":"failed"'*) exit 1 ;;
    esac
    wait_for 1s
  done
}

if [ "$FIREDRILL_DRILL" = retry-502 ]; then
  prepare
  if [ "$status" = 502 ]; then
    wait_for 1s
    prepare
  fi
  [ "$status" = 200 ] || exit 1
  exit 0
fi

for attempt in 1 2 3; do
  perform
  case $status in
  2*) follow "$(grep -o '"restore_id":[0-9]*' <<<"$body" | cut -d: -f2)" ;;
  409)
    until restores && ! grep -q '"status":"\(running\|queued\)"' <<<"$body"; do wait_for 5s; done
    ;;
  000) # The restore may have started.
    restores
    follow "$(latest_restore)"
    ;;
  *) exit 1 ;;
  esac
done
exit 1
