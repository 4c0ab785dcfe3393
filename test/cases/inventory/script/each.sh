#!/bin/sh
# Has no _meta, so that each host is asked for.
case $1 in
  --list) echo '{"lab": {"hosts": ["four", "five"]}}' ;;
  --host) echo "{\"asked\": \"$2\"}" ;;
esac
