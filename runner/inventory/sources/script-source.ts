import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Draft } from '../draft.ts';
import { inventoryError } from '../draft.ts';
import { kindOf } from '../../language/values/undefined.ts';

const run = promisify(execFile);
/** Far above what an inventory needs. */
const limits = { timeout: 120_000, maxBuffer: 64_000_000 };

type Mapping = Record<string, unknown>;

/** Reads what an executable prints for `--list`, and for `--host NAME` where it has no `_meta`: Ansible's protocol. */
export async function readScript(path: string, draft: Draft): Promise<void> {
  const file = draft.shown(path);
  const listed = await ask(path, file, ['--list']);
  const { _meta: meta, ...groups } = listed;
  const hosts = Object.entries(groups).flatMap(([name, body]) => readGroup(name, body, file, draft));
  const hostvars = asMapping(asMapping(meta ?? {}, '_meta', file).hostvars ?? {}, '_meta.hostvars', file);
  for (const [host, vars] of Object.entries(hostvars)) {
    if (!draft.hosts.has(host)) draft.addHosts(host, 'ungrouped', { at: top(file) });
    setHostVars(host, vars, file, draft);
  }
  if (meta === undefined) await askEachHost(path, hosts, draft);
}

async function askEachHost(path: string, hosts: readonly string[], draft: Draft): Promise<void> {
  const file = draft.shown(path);
  for (const host of new Set(hosts)) setHostVars(host, await ask(path, file, ['--host', host]), file, draft);
}

/** A group is a list of hosts, or a mapping of `hosts`, `children` and `vars`; returns its hosts. */
function readGroup(name: string, body: unknown, file: string, draft: Draft): string[] {
  const at = top(file);
  const {
    hosts = [],
    children = [],
    vars = {},
  } = Array.isArray(body) ? { hosts: body as unknown[] } : asMapping(body, name, file);
  draft.group(name, { at });
  const added = asList(hosts, `${name}.hosts`, file).flatMap((host) => draft.addHosts(host, name, { at }));
  for (const child of asList(children, `${name}.children`, file)) {
    draft.group(child, { at });
    draft.group(name).children.add(child);
  }
  for (const [key, value] of Object.entries(asMapping(vars, `${name}.vars`, file))) {
    draft.setGroupVar(name, key, { value, origin: `group ${name}`, at });
  }
  return added;
}

function setHostVars(host: string, vars: unknown, file: string, draft: Draft): void {
  for (const [key, value] of Object.entries(asMapping(vars, host, file))) {
    draft.setHostVar(host, key, { value, origin: `host ${host}`, at: top(file) });
  }
}

async function ask(path: string, file: string, args: string[]): Promise<Mapping> {
  const command = `${file} ${args.join(' ')}`;
  let stdout: string;
  try {
    ({ stdout } = await run(path, args, { ...limits, cwd: dirname(path), encoding: 'utf8' }));
  } catch (error) {
    throw inventoryError(
      `${command} failed: ${whyFailed(error as Failed)}`,
      top(file),
      'An executable file is run as a dynamic inventory; `chmod -x` makes it a plain one.',
      error,
    );
  }
  try {
    return asMapping(JSON.parse(stdout), args.join(' '), file);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inventoryError(
      `${command} printed no JSON but ${shortly(stdout)}`,
      top(file),
      'It has to print one JSON object and nothing else; messages go to stderr.',
      error,
    );
  }
}

type Failed = Error & { stderr?: string; code?: number | string; killed?: boolean };

function whyFailed({ stderr = '', code, killed, message }: Failed): string {
  if (killed)
    return `it took longer than ${limits.timeout / 1000} s, or printed more than ${limits.maxBuffer / 1e6} MB`;
  const said = stderr.trim().split('\n').at(-1);
  return said || (typeof code === 'number' ? `exit status ${code}` : (message.split('\n')[0] ?? ''));
}

function shortly(text: string): string {
  if (text.trim() === '') return 'nothing';
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

function asMapping(value: unknown, what: string, file: string): Mapping {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping;
  throw inventoryError(`${file}: ${what} must be a mapping, found a ${kindOf(value)}`, top(file));
}

function asList(value: unknown, what: string, file: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw inventoryError(`${file}: ${what} must be a list of names`, top(file));
}

function top(file: string): { file: string; line: number; col: number } {
  return { file, line: 1, col: 1 };
}
