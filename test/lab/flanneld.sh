#!/bin/sh
# Stands in for flanneld, so that what comes after the program is tested where there is none: takes its options, reads and
# writes etcd, writes subnet.env, tells systemd, and makes the routes of host-gw and the rules of the firewall, all as
# flannel's documentation says. It has no other backend and renews no lease.
for word; do
  case $word in
    --version) echo v0.20.2 >&2; exit 0 ;;
    --etcd-endpoints=*) endpoints=${word#*=} ;;
    --etcd-prefix=*) prefix=${word#*=} ;;
    --public-ip=*) ip=${word#*=} ;;
    --iface=*) ip -o -4 addr show | grep -q "inet ${word#*=}/" || { echo "no interface has ${word#*=}" >&2; exit 1; } ;;
    --ip-masq=true) ;;
    *) echo "unknown option $word" >&2; exit 2 ;;
  esac
done
etcd() { ETCDCTL_API=3 etcdctl --endpoints="$endpoints" "$@"; }
field() { printf '%s\n' "$config" | sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p"; }
rule() { table=$1; shift; iptables -w -t "$table" -C "$@" 2>/dev/null || iptables -w -t "$table" -A "$@"; }

until config=$(etcd get --print-value-only "$prefix/config") && [ -n "$config" ]; do sleep 1; done
[ "$(field Type)" = host-gw ] || { echo "no backend $(field Type) here" >&2; exit 1; }
network=$(field Network) length=$(field SubnetLen)
own=${network%%.*}.$(echo "$network" | cut -d. -f2).$((${ip##*.} % 15 * 16 + 16)).0
etcd put "$prefix/subnets/$own-$length" "{\"PublicIP\":\"$ip\",\"BackendType\":\"host-gw\"}" >/dev/null || exit
rule nat POSTROUTING -s "$network" -d "$network" -j RETURN
rule nat POSTROUTING -s "$network" ! -d 224.0.0.0/4 -j MASQUERADE
rule filter FORWARD -s "$network" -j ACCEPT
rule filter FORWARD -d "$network" -j ACCEPT
mkdir -p /run/flannel
printf 'FLANNEL_NETWORK=%s\nFLANNEL_SUBNET=%s/%s\nFLANNEL_MTU=1500\nFLANNEL_IPMASQ=true\n' "$network" "${own%.0}.1" "$length" >/run/flannel/subnet.env
systemd-notify --ready
while sleep 1; do
  etcd get --prefix "$prefix/subnets/" | while read -r key && read -r lease; do
    subnet=${key##*/} peer=$(printf '%s\n' "$lease" | sed 's/.*"PublicIP":"\([^"]*\).*/\1/')
    [ "$peer" = "$ip" ] || ip route replace "${subnet%-*}/${subnet#*-}" via "$peer"
  done
done
