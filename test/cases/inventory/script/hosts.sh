#!/bin/sh
# Prints an inventory in the form that dynamic inventories have.
case $1 in
  --list)
    echo '{"web": {"hosts": ["one", "two"], "vars": {"tier": "front"}}, "db": ["three"],'
    echo ' "site": {"children": ["web", "db"], "vars": {"city": "Bern"}},'
    echo ' "_meta": {"hostvars": {"one": {"ansible_host": "10.0.0.1", "n": 1}, "three": {"n": [1, 2]}}}}'
    ;;
esac
