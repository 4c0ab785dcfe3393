#!/bin/sh
# One lab host's power supply: plugs its network in, boots it, boots it again after a reboot, ends when it is off.
# Environment: LAB HOST HOST_DIR IMAGE_DIR SWITCH NAMESPACE PORTS (a line per NIC: "PORT NAME MAC BRIDGE") MACHINE_ID
#              KERNEL (machine, or uml: a kernel of its own)
set -u
cd "$HOST_DIR" || exit 1
exec >>console.log 2>&1 </dev/null

# The process number alone could be another's later; with its start time (field 22) it is unmistakable.
echo "$$ $(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)" >supervisor.pid.new
mv supervisor.pid.new supervisor.pid

# A reboot loses every interface of a real host, so each boot gets a new network namespace.
plug_in() {
  unplug
  [ "${KERNEL:-machine}" = uml ] || { ip netns add "$NAMESPACE" && ip -n "$NAMESPACE" link set lo up; }
  echo "$PORTS" | while read -r port name mac bridge; do
    if [ "${KERNEL:-machine}" = uml ]; then ip -n "$SWITCH" tuntap add dev "$port" mode tap vnet_hdr
    else ip -n "$SWITCH" link add "$port" type veth peer name "$name" address "$mac" netns "$NAMESPACE"; fi
    ip -n "$SWITCH" link set "$port" master "$bridge"
    [ -e cut ] || ip -n "$SWITCH" link set "$port" up
  done
}

unplug() {
  echo "$PORTS" | while read -r port _; do
    ip -n "$SWITCH" link delete "$port" 2>/dev/null
  done
  ip netns delete "$NAMESPACE" 2>/dev/null
}

# Runs as its own process: whatever it mounts and joins ends with it.
join='
  # A control group of its own in every hierarchy: hosts sharing one would kill each other'\''s services.
  while IFS=: read -r _ controllers _; do
    case $controllers in
      "") root=/sys/fs/cgroup; [ -e $root/cgroup.procs ] || root=/sys/fs/cgroup/unified ;;
      *) root=/sys/fs/cgroup/${controllers#name=} ;;
    esac
    [ -e "$root/cgroup.procs" ] || continue
    group=$root
    for part in xrun-lab "$LAB" "$HOST"; do
      [ -e "$group/cgroup.subtree_control" ] && for controller in $(cat "$group/cgroup.controllers"); do
        echo "+$controller" >"$group/cgroup.subtree_control"
      done 2>/dev/null
      mkdir -p "$group/$part"
      for file in cpuset.cpus cpuset.mems; do # a version-1 cpuset accepts no process before it has both
        [ -e "$group/cgroup.clone_children" ] && [ -e "$group/$file" ] && cat "$group/$file" >"$group/$part/$file"
      done
      group=$group/$part
    done
    echo $$ >"$group/cgroup.procs"
  done </proc/self/cgroup
'

boot='
  mount -t overlay -o "lowerdir=$IMAGE_DIR,upperdir=upper,workdir=work" overlay root || exit 1
  exec systemd-nspawn --quiet --register=no --keep-unit --directory=root --machine="$HOST" --uuid="$MACHINE_ID" \
    --network-namespace-path="/run/netns/$NAMESPACE" --capability=all --drop-capability=CAP_SYS_TIME --resolv-conf=off --timezone=off --link-journal=no \
    --kill-signal=SIGRTMIN+3 --bind="$HOST_DIR/docker:/var/lib/docker" --bind="$HOST_DIR/containerd:/var/lib/containerd" \
    --bind=/dev/net/tun --bind=/dev/fuse /usr/local/sbin/lab-init
'

# What is written goes to a file of the host's own; only the image's disk is shared. It boots again by itself.
boot_uml='
  cards=$(echo "$PORTS" | { n=0; while read -r port _ mac _; do echo "vec$n:transport=tap,ifname=$port,depth=128,gro=1,mac=$mac"; n=$((n+1)); done; })
  exec ip netns exec "$SWITCH" linux.uml uml_dir="$HOST_DIR/" umid="xl-$LAB-$HOST" mem=1024M ubd0="$HOST_DIR/disk.cow,$IMAGE_DIR.ext4" root=/dev/ubda rw $cards \
    init=/usr/local/sbin/uml-init LAB_LAYER="$HOST_DIR/upper" LAB_MODULES=/usr/lib/uml/modules \
    con=null con0=null,fd:1 ssl=null systemd.show_status=0
'
[ "${KERNEL:-machine}" = machine ] || boot=$boot_uml

# Docker needs system calls that nspawn filters, and to set what belongs to its network namespace below /proc/sys.
export SYSTEMD_SECCOMP=0 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network

child=
trap 'kill -TERM $child' TERM
status=133
while [ "$status" -eq 133 ]; do # what systemd-nspawn returns when the host wants to boot again
  plug_in
  unshare --mount --propagation slave sh -c "$join$boot" &
  child=$!
  wait "$child"
  status=$?
  while kill -0 "$child" 2>/dev/null; do # a signal ended the wait, not the host
    wait "$child"
    status=$?
  done
  unplug
done
rm -f supervisor.pid
exit "$status"
