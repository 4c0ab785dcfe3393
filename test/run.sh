#!/usr/bin/env bash
# npm test: every test there is. Words given to it are passed on to vitest.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/setup.sh"

projects=(--project unit --project sh)
missing=
if [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ]; then
  projects+=(--project lab)
  # The images of hosts are built while the first tests run, which wait for nothing of them; what fails here the lab does again, and reports.
  npx --no-install tsx lab/cli.ts image bookworm trixie bullseye >/dev/null 2>&1 &
else
  missing='THE LAB TESTS WERE NOT RUN: they need root on Linux'
  echo "$missing"
fi
[ -n "${XRUN_TEST_FLANNELD:-}" ] || echo 'flannel.yml WAS NOT RUN: npm run test:whole runs it with a stand-in, and XRUN_TEST_FLANNELD names a real flanneld'

export XRUN_FUZZ_INPUTS="${XRUN_FUZZ_INPUTS:-1500}"
status=0
npx --no-install vitest run "${projects[@]}" "$@" || status=$?

if [ -n "$missing" ]; then
  echo "$missing"
  # A job that claims to have tested everything must not pass without having done so.
  if [ "${CI:-}" = true ] && [ "$status" = 0 ]; then status=1; fi
fi
exit "$status"
