# What firedrill certify tells a client in a shell, and requests with curl. Sourced by the clients.

# A text field of the task, wherever it is.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$FIREDRILL_TASK"; }

# Moves the virtual time instead of sleeping. A client that sleeps needs --time-scale instead.
wait_for() { curl -sf -o /dev/null -H 'Content-Type: application/json' -d "{\"by\":\"$1\"}" "$FIREDRILL_CLOCK_URL"; }

url=$(field url)/v1/instances
token=$(field token)
key=$(field encryptionKey)
destination=10000000-0000-4000-8000-000000000002
backup=3a2e59ee-40cb-472a-91d0-502ab259918c

# Sends a request; sets `status` and `body`. The status is 000 if the connection broke.
ask() {
  local answer
  if answer=$(curl -s -w '\n%{http_code}' -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"); then
    status=${answer##*$'\n'}
    body=${answer%$'\n'*}
  else
    status=000
    body=
  fi
}

prepare() { ask -X POST "$url/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare"; }
perform() { ask -d "{\"backup_guid\":\"$backup\",\"encryption_key\":\"$key\"}" "$url/$destination/disaster-recovery/perform"; }
restores() { ask "$url/$destination/restores"; }
