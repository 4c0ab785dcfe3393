import { argv, quote, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { printedJson } from '../../shared/json.ts';
import type { DecideContext, Decision } from '../../../model/module.ts';

/** A column of a row: one value, several, or a map. Nothing at all is an empty list. */
export type OvsValue = string | number | boolean | OvsValue[] | Record<string, string>;
export type OvsRow = Record<string, OvsValue>;

/** How long a command may wait for the daemons, in seconds: without a limit it waits for ever. */
export const OVS = ['ovs-vsctl', '--timeout=30'];

/** The command behind `ovs-vsctl --timeout=N`, to be one of several in one transaction. */
export const bare = (script: Script): Script => ({ text: script.text.slice(argv(OVS).text.length + 1) });

/** The rows that `ovs-vsctl --format=json list` printed (RFC 7047, 5.1: sets and maps are tagged). Undefined for no JSON. */
export function ovsRows(text: string | undefined): OvsRow[] | undefined {
  if (!text?.startsWith('{')) return undefined;
  const { headings, data } = printedJson<{ headings: string[]; data: unknown[][] }>(text, 'ovs-vsctl');
  return data.map((row) => Object.fromEntries(row.map((value, i) => [headings[i], ovsValue(value)])) as OvsRow);
}

/** Asks ovs-vsctl something that fails, saying one of `none`, where the object does not exist; any other failure is the probe's. */
export function askOvs(question: Script, ...none: string[]): Script {
  const patterns = raw(none.map((one) => `*${quote(one)}*`).join('|'));
  return sh`_o=$(ovs-vsctl --timeout=10 ${question} 2>&1) && echo "$_o" || case $_o in ${patterns}) ;; *) echo "$_o" >&2; exit 1 ;; esac`;
}

function ovsValue(value: unknown): OvsValue {
  if (!Array.isArray(value)) return value as OvsValue;
  const [tag, content] = value as [string, unknown];
  if (tag === 'map') return Object.fromEntries(content as [string, string][]);
  if (tag === 'set') return (content as unknown[]).map(ovsValue);
  return String(content);
}

/** The one value of a column that has at most one; empty text for none. */
export function one(value: OvsValue | undefined): string {
  if (value === undefined || Array.isArray(value)) return value?.[0] === undefined ? '' : String(value[0]);
  return String(value);
}

/** A map column; empty where it is not there. */
export function map(value: OvsValue | undefined): Record<string, string> {
  return value && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** A map as diffs show it: sorted, `a=1 b=2`. */
export const shownMap = (value: Record<string, string>) =>
  Object.keys(value)
    .sort()
    .map((key) => `${key}=${value[key]}`)
    .join(' ');

/** A value as ovs-vsctl reads it: in its own quotes, whatever it holds. */
export const ovsText = (value: string) => (/^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value));

/** The refusal for a host where ovs-vsctl gave no answer. */
export function withoutOvs(trouble: string, context: DecideContext): Decision<never> {
  if (context.planned('package:openvswitch-switch') || context.planned('service:openvswitch-switch')) {
    return { kind: 'unknown', why: 'Open vSwitch is not installed and running yet', steps: [] };
  }
  const missing = /not found/.test(trouble);
  return {
    kind: 'fail',
    message: missing
      ? 'Open vSwitch is not installed on this host'
      : `Open vSwitch does not answer: ${trouble.split('\n')[0]}`,
    hint: missing ? 'Install openvswitch-switch.' : 'Is openvswitch-switch.service running?',
  };
}
