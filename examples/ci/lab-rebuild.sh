#!/usr/bin/env bash
# lab-rebuild.sh: builds a lab, runs playbooks on it, proves that nothing is left to change, and takes the lab down again.
#
# What is done with a lab is two commands in variables; those here are for xrun's own lab, in a clone as root:
#   LAB_UP       makes the hosts new, and writes their inventory to $INVENTORY
#   LAB_DOWN     takes them away again, also where there are none; it is run whatever happens
# RELEASES and PLAYBOOKS are lists with blanks between; REPORTS is the directory that keeps what the job should keep.
#
# Exit: 0 all is well; 1 a playbook failed, a second run changed something, or a check found drift.
set -uo pipefail

RELEASES=${RELEASES:-bullseye bookworm trixie}
PLAYBOOKS=${PLAYBOOKS:-playbooks/swarm-overlay.yml playbooks/direct-route.yml playbooks/vxlan.yml}
REPORTS=${REPORTS:-reports}
LAB_UP=${LAB_UP:-'npm run --silent lab -- up --name "$LAB" --image "$RELEASE" --inventory "$INVENTORY"'}
LAB_DOWN=${LAB_DOWN:-'npm run --silent lab -- down --name "$LAB"'}
XRUN=${XRUN:-xrun}
export LAB RELEASE INVENTORY

failed=0
mkdir -p "$REPORTS"

# say TEXT: a heading, which GitHub and GitLab fold by.
say() { printf '\n== %s\n' "$*"; }

# try NAME EXPECTED COMMAND...: runs it with its reports, and notes where its exit code is another one.
try() {
  local name=$1 expected=$2 code=0
  shift 2
  "$@" --jsonl "$REPORTS/$name.jsonl" --junit "$REPORTS/$name.xml" --report "$REPORTS/$name.html" || code=$?
  [ "$code" = "$expected" ] && return
  echo "$name: exit code $code, expected $expected" | tee -a "$REPORTS/failed.txt" >&2
  failed=1
  return 1
}

# scheme PLAYBOOK: once, again (nothing may change), a check (no drift), and taken away.
scheme() {
  local name
  name=$RELEASE-$(basename "$1" .yml)
  say "$name: run" && try "$name-1-run" 3 "$XRUN" "$1" -i "$INVENTORY" --detailed-exitcode &&
    say "$name: a second run changes nothing" && try "$name-2-again" 0 "$XRUN" "$1" -i "$INVENTORY" --detailed-exitcode &&
    say "$name: a check finds no drift" && try "$name-3-check" 0 "$XRUN" "$1" -i "$INVENTORY" --check --diff --detailed-exitcode
  say "$name: take it away" && try "$name-4-absent" 0 "$XRUN" "$1" -i "$INVENTORY" -e state=absent
}

down() { eval "$LAB_DOWN" || failed=1; }
trap 'trap - EXIT; down; exit 130' INT TERM

rm -f "$REPORTS/failed.txt"
for RELEASE in $RELEASES; do
  LAB=rebuild-$RELEASE
  INVENTORY=$REPORTS/$RELEASE.yml
  say "$RELEASE: a new lab"
  down
  if eval "$LAB_UP"; then for playbook in $PLAYBOOKS; do scheme "$playbook"; done; else failed=1; fi
  say "$RELEASE: take the lab down"
  down
done
exit "$failed"
