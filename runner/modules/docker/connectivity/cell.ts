import type { CellCheck, MatrixCell } from '../../../model/events.ts';
import type { Peer } from './probe.ts';

/** What one check of one peer gave. */
export interface Finding extends CellCheck {
  host: string;
}

/** The headers of IPv4 and ICMP, and one byte: no network has a smaller MTU. */
const LEAST_MTU = 68;

/**
 * The cell of the table for the way from one host to another: everything that was tried, and in words all that failed.
 *
 * @param problem why nothing could be tried
 */
export function cellOf(
  from: string,
  to: string,
  peers: readonly Peer[],
  findings: readonly Finding[],
  problem?: string,
): MatrixCell {
  const checks = findings.filter(({ host }) => host === to).map(({ check, ok, text }) => ({ check, ok, text }));
  const missing = peers.filter(({ address }) => address === '');
  if (missing.length > 0) return { ok: false, text: 'its address is not known', checks };
  if (checks.length === 0) return { ok: false, text: problem || 'not tried', checks };
  const outcomes = checks.map((one) => ({
    ...one,
    text: one.check === 'mtu' && !one.ok ? sizeText(from, to, one.text, checks) : one.text,
  }));
  const failed = outcomes.filter(({ ok }) => !ok);
  if (failed.length > 0) return { ok: false, text: failed.map(({ text }) => text).join('; '), checks: outcomes };
  return { ok: true, text: outcomes.find(({ check }) => check === 'ping')?.text || 'ok', checks: outcomes };
}

/** `1322/1450`: the largest packet that was answered, of the MTU. The answers to a ping are as large; a TCP transfer is large from the other host only. */
function sizeText(from: string, to: string, text: string, checks: readonly CellCheck[]): string {
  const [largest = 0, mtu = 0] = text.split('/').map(Number);
  if (largest < LEAST_MTU) return `no answer to a ping of full MTU ${mtu}`;
  const transfer = checks.find(({ check }) => check === 'tcp');
  const way =
    transfer === undefined
      ? `between ${from} and ${to}`
      : transfer.ok
        ? `from ${from} to ${to}`
        : `from ${to} to ${from}`;
  return `packets above ${largest} bytes are lost ${way}, whose MTU is ${mtu}: give the network an MTU of ${largest}, or let larger packets pass`;
}
