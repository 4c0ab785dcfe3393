/**
 * Awk programs that compare what was saved of the network with what is there, and print what makes the one of the
 * other: one process where a shell would start dozens, on a host that may have little time.
 */

/** From `links` and `links.now`: the arguments of `ip link set dev`. Open vSwitch handles its own members. */
export const LINK_COMMANDS = String.raw`
function after(word,   i) { for (i = 2; i < NF; i++) if ($i == word) return $(i + 1); return "" }
{ name = $1; sub(/[:@].*/, "", name); up = $2 ~ /[<,]UP[,>]/ ? "up" : "down"; mtu = after("mtu"); master = after("master"); mac = after("link/ether") }
FILENAME == ARGV[1] { saved[name]; ups[name] = up; mtus[name] = mtu; masters[name] = master; macs[name] = mac; next }
name in saved {
  if (masters[name] != master && masters[name] != "ovs-system" && !(masters[name] == "" && master == "ovs-system")) print name, (masters[name] == "" ? "nomaster" : "master " masters[name])
  if (macs[name] != "" && macs[name] != mac) print name, "address", macs[name]
  if (mtus[name] != mtu || masters[name] != master) print name, "mtu", mtus[name]
  if (ups[name] != up) print name, ups[name]
}`;

/** From `links`, `addresses` and `addresses.now`: the arguments of `ip`. */
export const ADDRESS_COMMANDS = String.raw`
function key() { return $1 " " $2 " " $3 ($4 == "peer" ? " " $5 : "") }
function flagged(word,   i) { for (i = 4; i <= NF; i++) if ($i == word) return 1; return 0 }
function adding(   i, text, value) {
  text = "addr add " $3
  for (i = 4; i <= NF; i++) {
    if ($i ~ /^(peer|brd|scope|metric)$/) text = text " " $i " " $(++i)
    else if ($i ~ /^(valid|preferred)_lft$/) { value = $(i + 1); if (value != "forever") { sub(/sec$/, "", value); text = text " " $i " " value }; i++ }
    else if ($i == "noprefixroute") text = text " " $i
    else if (index($i, $1 ":") == 1) text = text " label " $i
  }
  return text ($2 == "inet6" ? " nodad" : "") " dev " $1
}
FILENAME == ARGV[1] { name = $1; sub(/[:@].*/, "", name); if ($2 ~ /[<,]UP[,>]/) up[name]; next }
$2 !~ /^inet6?$/ { next }
{ own = $3 ~ /^fe80:/ }
FILENAME == ARGV[2] {
  if (flagged("temporary") || flagged("mngtmpaddr") || (own && !($1 in up))) next
  known[key()]; n++; keys[n] = key(); commands[n] = adding(); links[n] = $1; four[n] = $2 == "inet"
  if ($2 == "inet") { order[$1] = order[$1] key() "\n"; if (flagged("dynamic")) leased[$1] }
  next
}
key() in known { found[key()]; if ($2 == "inet") is[$1] = is[$1] key() "\n"; next }
!(own || ($2 == "inet6" && (flagged("dynamic") || flagged("temporary")))) { print "addr del " $3 ($4 == "peer" ? " peer " $5 : "") " dev " $1 }
END {
  for (i = 1; i <= n; i++) if (four[i] && !(keys[i] in found)) is[links[i]] = is[links[i]] keys[i] "\n"
  for (link in order) if (order[link] != is[link] && !(link in leased)) { print "-4 addr flush dev " link; again[link] }
  for (i = 1; i <= n; i++) if (!(keys[i] in found) || (four[i] && links[i] in again)) print commands[i]
}`;
