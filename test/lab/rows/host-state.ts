/**
 * Prints what modules manage on a host, each attribute on a line of its own: to see that a check changes nothing, and
 * that a repair leaves everything as it was before the damage. What changes by itself (counters, clocks, ids of things
 * that are made anew, how long a spanning tree remembers addresses while it rearranges itself) is left out.
 */
export const HOST_STATE = String.raw`
n=0; while [ "$(ip -6 addr show tentative)" ] && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
echo "hostname $(hostname) $(hostnamectl --static)"
ip -o link | sed 's/^[0-9]*: //; s/ qdisc.*state/ state/; s/@if[0-9]*//; s,link/ether 02:42:[^ ]*,,' | grep -v '^veth' | sort
ip -o addr | sed 's/^[0-9]*: //; s/valid_lft.*//' | grep -v '^veth\|inet6 fe80' | sort
ip route show table all | grep -v 'fe80\|dev veth' | sed 's/ linkdown//' | sort
for l in $(ip -o link show type bridge | sed 's/^[0-9]*: //; s/:.*//'); do echo "$l $(ip -d -o link show $l | sed 's/.* bridge //; s/ bridge_id.*//; s/ageing_time [0-9]* stp_state 1/stp_state 1/')"; done | sort
nft list ruleset 2>/dev/null | sed 's/packets [0-9]* bytes [0-9]*//'
ovs-vsctl --columns=name,fail_mode,datapath_type,other_config,external_ids list bridge
ovs-vsctl --columns=name,type,options,mtu_request list interface
for c in $(docker ps -q); do p=$(docker inspect $c --format '{{.State.Pid}}'); nsenter -t $p -n ip -o addr | sed 's/.* eth/eth/; s/valid_lft.*//' | grep -v fe80; nsenter -t $p -n ip route; done | sort
findmnt -rn -o TARGET,SOURCE,FSTYPE,OPTIONS -t ext4,tmpfs | sort
find /etc /srv -type f ! -name '*-' -exec sha256sum {} + | sort -k2
find /etc /srv /var/spool/cron -printf '%y %m %U:%G %p %l\n' | sort -k4
grep -rv '^# ' /var/spool/cron
docker ps -a --format '{{.Names}} {{.Image}} {{.State}} {{.Command}} {{.Networks}}' | sort
docker network inspect $(docker network ls -q) --format '{{.Name}} {{.Driver}} {{.IPAM.Config}} {{.Options}} {{.Labels}}' | sort
docker image inspect $(docker image ls -q) --format '{{.RepoTags}} {{.RootFS.Layers}} {{.Config.Cmd}}' | grep -v '^\[\]' | sort
systemctl list-unit-files --no-legend | awk '{print $1, $2}' | sort
systemctl list-units --type=service --state=active --no-legend --plain | awk '{print $1, $4}' | grep -v '^user\|^session\|^run-' | sort
sysctl -a -r '^net\.ipv[46]\.(conf\.(all|default)|tcp_keep|ip_forward)' 2>/dev/null
dpkg-query -W`;
