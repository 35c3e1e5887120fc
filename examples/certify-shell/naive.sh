#!/usr/bin/env bash
# The same client with the mistakes that drills detect: it retries at once, and takes an accepted request for success.
set -uo pipefail
. "$(dirname "$0")/adapter.sh"

if [ "$FIREDRILL_DRILL" = retry-502 ]; then send=prepare; else send=perform; fi
for attempt in {1..10}; do
  "$send"
  case $status in 2*) exit 0 ;; esac
done
exit 1
