#!/usr/bin/env bash
# npm run demo: three hosts, one playbook, containers on all of them that reach each other.
set -euo pipefail
trap 'echo; echo "interrupted: \"npm run demo\" goes on from here, \"npm run lab -- down\" removes the lab"; exit 130' INT

if [ "$(uname)" != Linux ] || [ "$(id -u)" != 0 ]; then
  echo 'the demo needs root on Linux, for its lab; with real hosts: xrun playbooks/swarm-overlay.yml -i inventory/prod.yml' >&2
  exit 2
fi
source "$(dirname "${BASH_SOURCE[0]}")/../bin/setup.sh"

step() { printf '\n== %s\n' "$*"; }

step 'A lab: three hosts on this machine'
npm run --silent lab -- up

step 'xrun playbooks/swarm-overlay.yml -i inventory/lab.yml'
node bin/xrun.js playbooks/swarm-overlay.yml -i inventory/lab.yml

step 'The same again: nothing is left to change'
events=$(mktemp)
trap 'rm -f "$events"' EXIT
node bin/xrun.js playbooks/swarm-overlay.yml -i inventory/lab.yml --jsonl "$events"
node lab/demo-unchanged.js "$events"

cat <<END

Log in to a host:     npm run lab -- ssh node1      (try: docker node ls)
Take the lab down:    npm run lab -- down
END
