import { atExit, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { networkOf } from './addresses.ts';
import type { Address } from './addresses.ts';

/** A change of an interface's addresses, in the order in which it is made. */
export interface AddressChange {
  dev: string;
  /** Those in the way of the new one: the same address with another label, scope or broadcast address. */
  first: readonly Address[];
  /** The command that adds the new one. */
  add?: Script;
  last: readonly Address[];
  /** The addresses that are there afterwards. */
  kept: readonly Address[];
}

/**
 * The script of a change that costs no other address and no route. IPv4 removes with the first address of a network all
 * others of it, unless `promote_secondaries` is on: it is switched on for the moment. An address that is removed and added
 * again takes routes with it, with the last one all routes of its interface: those that went are put back.
 */
export function addressScript({ dev, first, add, last, kept }: AddressChange): Script {
  const gone = [...first, ...last];
  const promotes = gone.some((one) => takesOthers(one, kept));
  const parts = [
    ...(promotes ? [promoting(dev)] : []),
    ...(first[0] ? [saving(dev, first[0])] : []),
    ...first.map((one) => removal(dev, one)),
    ...(add ? [add] : []),
    ...last.map((one) => removal(dev, one)),
  ];
  const script = parts.map(({ text }) => text).join(' &&\n');
  return { text: first[0] ? `${script} &&\n${restoring(dev, first[0]).text}` : script };
}

/** Whether the kernel would remove others with this one: IPv4 addresses of one network, for which the first stands. */
function takesOthers(gone: Address, kept: readonly Address[]): boolean {
  if (gone.address.includes(':') || gone.secondary) return false;
  return kept.some((one) => !one.address.includes(':') && networkOf(one) === networkOf(gone));
}

function promoting(dev: string): Script {
  const path = `/proc/sys/net/ipv4/conf/${dev}/promote_secondaries`;
  const back = sh`[ "$promote" = 1 ] || echo "$promote" >${path}`.text;
  return sh`promote=$(cat ${path}) && { [ "$promote" = 1 ] || echo 1 >${path}; } && { ${atExit(back)}; }`;
}

function removal(dev: string, { address, peer }: Address): Script {
  if (peer === undefined) return sh`ip address delete ${address} dev ${dev}`;
  const [own, length] = address.split('/');
  return sh`ip address delete ${own} peer ${`${peer}/${length}`} dev ${dev}`;
}

const family = ({ address }: Address) => (address.includes(':') ? '-6' : '-4');

/** The routes of an interface, but for those that the kernel itself makes for addresses. */
const routes = (dev: string, one: Address) =>
  sh`ip -o ${family(one)} route show table all dev ${dev} | sed -e '/ proto kernel /d' -e '/ table local /d' -e '/ proto ra /d' -e '/^multicast /d' -e ${'s/\\\\/ /g'} -e 's/ linkdown//g' -e 's/ dead//g'`;

const saving = (dev: string, one: Address): Script => sh`routes=$(${routes(dev, one)})`;

/** Twice, as a route may need another one to its router. */
function restoring(dev: string, one: Address): Script {
  const lines = raw(`{ printf '%s\\n' "$routes"; printf '%s\\n' "$routes"; }`);
  const missing = sh`${routes(dev, one)} | grep -qxF -e "$route"`;
  return sh`${lines} | while IFS= read -r route; do
  case $route in '') continue ;; *' nexthop '*) set -- ;; *) set -- dev ${dev} ;; esac
  ${missing} || ip ${family(one)} route add $route "$@" 2>/dev/null
done
true`;
}
