#!/bin/sh
# Moves each sandbox to the process that the proxy chooses for it, after a process was added or before one is removed.
#
#   FIREDRILL_ADMIN_TOKEN=... ./move-sandboxes.sh http://127.0.0.1:8420 firedrill-0 firedrill-1 firedrill-2
#
# The arguments are the URL of the proxy and the processes that may have sandboxes. Needs curl 7.84 or newer.
set -eu

proxy=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -z "${FIREDRILL_ADMIN_TOKEN:-}" ] || printf 'Authorization: Bearer %s\n' "$FIREDRILL_ADMIN_TOKEN" >"$work/header"
touch "$work/header"

call() {
  curl --silent --show-error --fail --fail-early --header "@$work/header" "$@"
}

total=0
for process in "$@"; do
  mkdir "$work/$process"
  cd "$work/$process"
  call --header "X-Firedrill-Process: $process" --output list "$proxy/__admin/sandboxes"
  # The default sandbox stays: each process has its own.
  tr '{' '\n' <list | sed -n 's/^"name":"\([a-z0-9_-]*\)".*/\1/p' | sed '/^default$/d' >names
  [ -s names ] || continue
  # One curl for all names keeps its connection: a response header says where the proxy sends the requests of each.
  sed "s|.*|url = \"$proxy/@&/__admin/readyz\"\noutput = \"/dev/null\"|" names >where
  call --config where --write-out '%header{x-firedrill-process}\n' >owners
  paste owners names | awk -v here="$process" '$1 != here { print $2 }' >moved
  [ -s moved ] || continue
  sed "s|.*|url = \"$proxy/@&/__admin/state\"\noutput = \"&.json\"|" moved >read
  call --header "X-Firedrill-Process: $process" --config read
  sed "s|.*|url = \"$proxy/@&/__admin/state\"\nupload-file = \"&.json\"|" moved >write
  call --header 'Content-Type: application/json' --config write
  sed "s|.*|url = \"$proxy/__admin/sandboxes/&\"|" moved >drop
  call --request DELETE --header "X-Firedrill-Process: $process" --config drop
  count=$(wc -l <moved)
  total=$((total + count))
  printf '%s: %d of %d sandboxes moved\n' "$process" "$count" "$(wc -l <names)"
done
printf '%d sandboxes moved\n' "$total"
