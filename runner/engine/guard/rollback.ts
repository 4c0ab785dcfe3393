import { guardDir } from './snapshot.ts';
import { quote } from '../../model/script.ts';
import { forgetBoot } from './boot.ts';
import { ADDRESS_COMMANDS, LINK_COMMANDS } from './commands.ts';

/** Files as they were; what their being different has led to (units, the network system) is read anew. */
const FILES = `
back_files() {
  while read -r n when f; do
    if [ "$when" = differing ]; then
      if [ ! -e "files/$n" ] && [ ! -e "$f" ]; then continue; fi
      diff -r "files/$n" "$f" >/dev/null 2>&1 && continue
    fi
    if [ -e "files/$n" ] || [ -L "files/$n" ]; then
      mkdir -p -- "$(dirname "$f")"
      # In a directory of its own: no link of another user can be in its way.
      back=$(dirname -- "$f")/.xrun-back-$$-$n
      mkdir -m 700 -- "$back" && cp -a -- "files/$n" "$back/file" || continue
      if [ -d "$f" ] && [ ! -L "$f" ]; then rm -rf -- "$f"; fi
      mv -f -- "$back/file" "$f"
      rm -rf -- "$back"
    else rm -rf -- "$f"; fi
    echo "$f" >> restored
  done < files/list
  [ -f files/made ] && while read -r made; do rmdir -- "$made" 2>/dev/null; done < files/made
  [ -s restored ] || return
  grep -q systemd/system restored && systemctl daemon-reload
  grep -q '^/etc/netplan' restored && netplan generate
  grep -q '^/etc/NetworkManager' restored && nmcli connection reload
  grep -q -e '^/etc/systemd/network' -e '^/etc/netplan' restored && systemctl is-active -q systemd-networkd && { networkctl reload || systemctl restart systemd-networkd; }
}`;

/**
 * Rollback first stops the change: its processes get SIGTERM, then three seconds to clean up behind
 * them, and are then killed; systemd, where it has started them, knows also those that made a session of their own. What
 * a killed one was writing beside a file bears the number of the change's shell.
 */
export const endChange = (id: string): string => `
runs() { kill -0 "-$pid" 2>/dev/null; }
end_change() {
  pid=$(cat apply.pid 2>/dev/null || cat ended.pid 2>/dev/null)
  [ "$pid" ] || return
  # Its number may belong to another process by now.
  if [ -e apply.pid ] && { [ ! -e "/proc/$pid" ] || grep -q ${guardDir(id)}/apply.sh "/proc/$pid/cmdline"; }; then
    kill -TERM "-$pid" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do runs || break; sleep 0.2 2>/dev/null || sleep 1; done
    kill -KILL "-$pid" 2>/dev/null
    if [ -d /run/systemd/system ]; then
      systemctl kill --signal=KILL xrun-apply-${id}.service 2>/dev/null
      timeout 10 systemctl stop xrun-apply-${id}.service 2>/dev/null
    fi
    for _ in 1 2 3 4 5 6 7 8 9 10; do runs || break; sleep 0.2 2>/dev/null || sleep 1; done
  fi
  while read -r n when f; do rm -f -- "\${f%/*}/.xrun-$pid-"*; done < files/list
}`;

/** Units that ran, and sshd where it was to run; it starts anew where it may have read another configuration. systemd reads its units anew once: that takes seconds. */
const UNITS = `
back_units() {
  list_units > units.now
  while read -r unit active enabled pid; do
    case $unit in ssh*) [ "$1" = sshd ] || continue ;; *) [ "$1" = network ] || continue ;; esac
    [ "$active" = active ] || [ "$1-$enabled" = sshd-enabled ] || continue
    if ! grep -q "^$unit [^ ]* $enabled " units.now; then
      case $enabled in masked*) ;; *) systemctl --no-reload unmask "$unit"; systemctl --no-reload --runtime unmask "$unit" ;; esac
      [ "$(systemctl is-enabled "$unit")" = "$enabled" ] || case $enabled in enabled) systemctl --no-reload enable "$unit" ;; disabled) systemctl --no-reload disable "$unit" ;; esac
      systemctl daemon-reload
    fi
    if ! grep -q "^$unit active " units.now; then systemctl reset-failed "$unit"; systemctl --no-block start "$unit"
    elif [ "$1" = sshd ] && { grep -q '^/etc/ssh' restored || ! grep -q "^$unit .* $pid$" units.now; }; then systemctl --no-block restart "$unit"; fi
  done < units
}`;

/** Open vSwitch's database as a whole, where it says anything else than before. */
const OVS = `
back_ovs() {
  [ -s ovs.db ] || return
  list_ovs > ovs.now && cmp -s ovs ovs.now && return
  ovsdb-client --timeout=10 --force restore < ovs.db
  sleep 1
}`;

/** Links that came are removed (of the kinds that a change makes), bridges, VLANs and dummies that went come again. */
const LINKS = `
kind_of() { sed -n "s/^$1[:@].* \\(bridge\\|vlan\\|dummy\\) .*/\\1/p; s/^$1[:@].* \\(dummy\\)$/\\1/p" details | head -n 1; }
back_links() {
  list_links > links.now
  sed 's/[:@].*//' links > names
  sed 's/[:@].*//' links.now > names.now
  grep -vxF -f names names.now | while read -r link; do
    ip -o -d link show dev "$link" | grep -q -e ' bridge ' -e ' vxlan ' -e ' gretap ' -e ' gre ' -e ' ipip ' -e ' macvlan ' -e ' ipvlan ' -e ' dummy' -e ' bond ' -e ' vlan ' && ip link del "$link"
  done
  grep -vxF -f names.now names | while read -r link; do
    case $(kind_of "$link") in
      bridge) ip link add name "$link" type bridge ;;
      dummy) ip link add name "$link" type dummy ;;
      vlan) ip link add link "$(sed -n "s/^$link@\\([^:]*\\):.*/\\1/p" details)" name "$link" type vlan id "$(sed -n "s/^$link[:@].* vlan .*id \\([0-9]*\\).*/\\1/p" details)" ;;
    esac
  done
  list_bridges > bridges.now
  grep -vxF -f bridges.now bridges | while IFS=: read -r option value; do
    [ -e "/sys/class/net/$option" ] && echo "$value" > "/sys/class/net/$option"
  done
  list_links > links.now
  awk '${LINK_COMMANDS}' links links.now | while read -r command; do ip link set dev $command; done
}`;

/** Addresses in their order, of which the first is the one that packets come from. Those of DHCP and of routers' advertisements may come and go. */
const ADDRESSES = `
back_addresses() {
  list_addresses > addresses.now
  awk '${ADDRESS_COMMANDS}' links addresses addresses.now | while read -r command; do ip $command; done
}`;

/** All tables and rules. Twice, as a route may need another one to its gateway. */
const ROUTES = `
back_routes() {
  for family in 4 6; do
    list_rules $family > rules.now
    grep -vxF -f rules$family rules.now | while IFS= read -r rule; do ip -$family rule del pref "\${rule%%:*}" \${rule#*:}; done
    grep -vxF -f rules.now rules$family | while IFS= read -r rule; do ip -$family rule add pref "\${rule%%:*}" \${rule#*:}; done
    list_routes $family > routes.now
    grep -vxF -f routes$family routes.now | while read -r route; do ip -$family route del $route; done
    for pass in 1 2; do
      list_routes $family > routes.now
      grep -vxF -f routes.now routes$family | while read -r route; do ip -$family route replace $route; done
    done
  done
  [ -s ip_forward ] && ! cmp -s ip_forward /proc/sys/net/ipv4/ip_forward && cat ip_forward > /proc/sys/net/ipv4/ip_forward
}`;

/** Chains that say anything else than before, with their policies; Docker's own chains follow its containers. */
const FIREWALL = String.raw`
back_firewall() {
  for tables in iptables ip6tables; do
    [ -f $tables ] || continue
    list_firewall $tables > $tables.now
    cmp -s $tables $tables.now && continue
    awk '
      FILENAME == ARGV[1] { saved = 1 } FILENAME != ARGV[1] { saved = 0 }
      /^\*/ { table = $0; seen[table] = 1; next }
      /^:/ { name = substr($1, 2); chain = table " " name; if (saved) was[chain] = $2; else is[chain] = $2; names[chain] = name; tables[chain] = table; next }
      /^-A/ { chain = table " " $2; if (saved) rules[chain] = rules[chain] $0 "\n"; else now[chain] = now[chain] $0 "\n" }
      END {
        for (table in seen) {
          chains = body = gone = ""
          for (chain in names) {
            name = names[chain]
            if (tables[chain] != table || name ~ /^DOCKER/) continue
            if (chain in was && rules[chain] == now[chain] && was[chain] == is[chain]) continue
            if (chain in was || is[chain] != "-") { chains = chains ":" name " " (chain in was ? was[chain] : "ACCEPT") " [0:0]\n"; body = body "-F " name "\n" rules[chain] }
            else { body = "-F " name "\n" body; gone = gone "-X " name "\n" }
          }
          if (body != "") printf "%s\n%s%s%sCOMMIT\n", table, chains, body, gone
        }
      }' $tables $tables.now > $tables.back
    [ -s $tables.back ] && $tables-restore -w 5 --noflush < $tables.back
  done
}`;

/**
 * Puts everything back as the snapshot has it, once: the one that makes the directory `decided` first, this script or the
 * confirmation, wins. A confirmed guard's directory is gone at once and whole, so that a late timer finds nothing to
 * decide. Each line goes on whatever became of the one before, since half a network is worse than a mess; and as the
 * network system of the host may still be busy with its last change, the whole is done until it stays so. The
 * script's argument follows the word that it leaves in \`state\`.
 */
export function rollbackScript(id: string, dir: string): string {
  return `#!/bin/sh
cd ${quote(dir)} || exit 1
mkdir ${quote(dir)}/decided 2>/dev/null || exit 0
exec >> rollback.log 2>&1
echo "rolling-back$1" > state
: > restored
. ./lists.sh
${[endChange(id), FILES, UNITS, OVS, LINKS, ADDRESSES, ROUTES, FIREWALL].join('\n')}
end_change
back_files
back_units network
back_ovs
back_firewall
for try in 1 2 3 4 5 6; do
  back_links
  back_addresses
  back_routes
  [ $try = 1 ] && back_units sshd
  sleep 1
  list_all > all.now 2>/dev/null
  diff all all.now && break
done
ip neigh flush all 2>/dev/null
command -v ovs-appctl >/dev/null 2>&1 && { ovs-appctl -T 5 tnl/neigh/flush || ovs-appctl -T 5 tnl/arp/flush; } >/dev/null 2>&1
${forgetBoot(id)}
${stopTimer(id)}
find . -mindepth 1 -maxdepth 1 ! -name decided ! -name '*log' ! -name state ! -name until -exec rm -rf {} +
[ "$(readlink /run/xrun-guard)" = ${quote(dir)} ] && rm -f /run/xrun-guard
echo "rolled-back$1" > state
`;
}

/** Ends the timer, from the guard's directory; not where it is the timer that does so. */
export function stopTimer(id: string): string {
  return `if [ -s timer.pid ]; then timer=$(cat timer.pid); [ "$timer" = $$ ] || kill -TERM "-$timer" 2>/dev/null
elif [ -d /run/systemd/system ]; then systemctl stop xrun-guard-${id}.timer 2>/dev/null; fi`;
}
