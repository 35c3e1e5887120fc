#!/usr/bin/env bash
# A restore in a shell script, on the server that `firedrill exec` started. It moves the clock instead of waiting.
set -euo pipefail

ask() {
  curl --silent --show-error --fail --header "Authorization: Bearer $FIREDRILL_A9S_TOKEN" \
    --header 'Content-Type: application/json' "$@"
}
destination=$FIREDRILL_A9S_URL/instances/$FIREDRILL_A9S_DESTINATION_ID
key='"encryption_key": "second-encryption-key"'

ask --data "{$key}" "$FIREDRILL_A9S_URL/instances/$FIREDRILL_A9S_INSTANCE_ID/disaster-recovery/prepare"
ask --data "{$key, \"backup_guid\": \"3a2e59ee-40cb-472a-91d0-502ab259918c\"}" "$destination/disaster-recovery/perform"
until ask "$destination/restores/1" | grep '"status":"done"'; do
  firedrill advance 5s
done

ask "$destination/disaster-recovery/nothing" 2>/dev/null && exit 1
firedrill requests --unmatched | grep disaster-recovery/nothing
