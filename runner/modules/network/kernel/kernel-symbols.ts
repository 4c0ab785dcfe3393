/**
 * Beginnings of function names by which /proc/kallsyms shows that a feature is built into a kernel that comes without a
 * directory of modules. Only where they are not the module's own name; from the sources of Linux 6.
 */
const SYMBOLS: Record<string, string> = {
  '8021q': 'vlan_dev_',
  br_netfilter: 'br_nf_pre_routing',
  bridge: 'br_add_if',
  dummy: 'dummy_xmit',
  ip_gre: 'ipgre_',
  ip_tables: 'ipt_do_table',
  ipip: 'ipip_tunnel_',
  openvswitch: 'ovs_dp_',
  overlay: 'ovl_',
};

/** A pattern for grep of the line of a function that the built-in module has. */
export function symbolPattern(module: string): string {
  return ` [tT] ${SYMBOLS[module] ?? `${module.replaceAll('-', '_')}_`}`;
}
