import { doctor } from '../../api/index.ts';
import type { Finding } from '../../api/index.ts';
import { oneLine, safeJson } from '../../diagnostics/clean.ts';
import { style } from '../../reporters/text/style.ts';
import type { Style } from '../../reporters/text/style.ts';
import { plural } from '../../reporters/text/words.ts';
import { EXIT } from '../exit-code.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { connectionOptions } from '../options/connection.ts';
import type { ConnectionFlags, FlagsOf, InventoryFlags } from '../options/flags.ts';
import { actOptions, lookOptions } from '../options/run-options.ts';
import { outOf } from '../out.ts';
import { wantsColor } from '../terminal.ts';

type DoctorFlags = InventoryFlags & ConnectionFlags & FlagsOf<'json' | 'forks'>;

/** `xrun doctor [PATTERN]`: what would fail, before it does, each with its fix. 1 where something is broken. */
export async function doctorCommand(pattern: string, flags: DoctorFlags, io: Io): Promise<number> {
  const { playbooks: _, ...options } = await lookOptions([], flags, io);
  const connection = await connectionOptions(flags, io);
  const stop = interrupts(io, (message) => void outOf(io.stderr).write(`warning: ${message}\n`));
  const acts = actOptions({ ...flags, verbose: 0 }, stop);
  const findings = await doctor({ ...options, ...acts, pattern, connection, reporters: [] }).finally(() => stop.done());
  const broken = findings.some(({ status }) => status === 'failed');
  const pen = style(wantsColor(io, io.stdout, flags.color));
  const text = flags.json
    ? safeJson(JSON.stringify({ ok: !broken, findings }, null, 2))
    : doctorText(findings, pen).join('\n');
  outOf(io.stdout).write(`${text}\n`);
  return stop.drain.aborted ? EXIT.interrupted : broken ? EXIT.failed : EXIT.ok;
}

function doctorText(findings: readonly Finding[], pen: Style): string[] {
  const hosts = [...new Set(findings.flatMap(({ host }) => host ?? []))].toSorted();
  const of = (wanted?: string) => findings.filter(({ host }) => host === wanted);
  return [
    ...section('this machine', of(), pen),
    ...hosts.flatMap((host) => section(host, of(host), pen)),
    '',
    ...(hosts.length === 0
      ? ['No hosts were checked: give an inventory, `xrun doctor -i INVENTORY`.']
      : [summary(findings, hosts.length)]),
  ];
}

/** What is fine fits on one line; the rest has a line each, and one for its fix. */
function section(title: string, findings: readonly Finding[], pen: Style): string[] {
  const good = findings.filter(({ status }) => status === 'ok').map(({ message }) => oneLine(message));
  const mark = findings.some(({ status }) => status === 'failed')
    ? pen.red('✗')
    : findings.some(({ fix }) => fix)
      ? pen.yellow('!')
      : pen.green('✓');
  const head = `${mark} ${pen.bold(oneLine(title))}${good.length > 0 ? `: ${good.join('; ')}` : ''}`;
  return [head, ...findings.filter(({ status }) => status !== 'ok').flatMap((finding) => faultLines(finding, pen))];
}

function faultLines({ check, status, message, fix }: Finding, pen: Style): string[] {
  const paint = status === 'failed' ? pen.red : pen.yellow;
  return [
    `    ${paint(`${status} ${check}`)}: ${oneLine(message)}`,
    ...(fix === undefined ? [] : [`      fix: ${oneLine(fix)}`]),
  ];
}

function summary(findings: readonly Finding[], hosts: number): string {
  const failed = new Set(
    findings.flatMap(({ status, host }) => (status === 'failed' && host !== undefined ? host : [])),
  );
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  const warned = warnings > 0 ? `; ${plural(warnings, 'warning')}` : '';
  return `${plural(hosts, 'host')} checked: ${failed.size === 0 ? 'all can be used' : `${failed.size} cannot be used`}${warned}`;
}
