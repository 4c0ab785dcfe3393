import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';

/** ethtool's short names of the features that have one; the long ones it takes too (see ethtool(8), -K). */
const SHORT: Record<string, string> = {
  rx: 'rx-checksumming',
  tx: 'tx-checksumming',
  sg: 'scatter-gather',
  tso: 'tcp-segmentation-offload',
  gso: 'generic-segmentation-offload',
  gro: 'generic-receive-offload',
  lro: 'large-receive-offload',
  rxvlan: 'rx-vlan-offload',
  txvlan: 'tx-vlan-offload',
  ntuple: 'ntuple-filters',
  rxhash: 'receive-hashing',
};

/** The name under which `ethtool -k` lists a feature. */
export const featureName = (name: string) => SHORT[name] ?? name;

/** Prints the features under the title `features`; nothing where ethtool or the interface is missing. */
export function featuresProbe(dev: string): Script {
  return sh`echo @@features; ! command -v ethtool >/dev/null || { _f=$(ethtool -k ${dev} 2>&1) && printf '%s\\n' "$_f" || case $_f in *'o such device'*|*'not supported'*) ;; *) echo "ethtool: $_f" >&2; exit 1 ;; esac; }; true`;
}

/** The features that ethtool printed; none for no output. */
export function parseFeatures(text: string): { features?: Record<string, string> } {
  const lines = [...text.matchAll(/^\s*([\w-]+): (on|off)(?:.*(\[fixed\]))?/gm)];
  if (lines.length === 0) return {};
  return {
    features: Object.fromEntries(lines.map(([, name, value, fixed]) => [name, fixed ? `${value} ${fixed}` : value])),
  };
}
