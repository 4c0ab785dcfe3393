import { readFileSync, readdirSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { sha256 } from '../../runner/modules/files/state.ts';
import type { LocalKind } from '../../runner/modules/arguments/local.ts';
import type { AnyModule, DecideContext, Decision, ProbeResult, Step, StepResult } from '../../runner/modules/module.ts';
import type { LocalFile, LocalTree } from '../../runner/shell/local-file.ts';
import { HOLD, INTO } from '../../runner/shell/way.ts';

/** The cases that every module has, unless its first document says why it lacks one. */
export const KINDS = ['create', 'right', 'drift', 'absent', 'already-absent', 'invalid'];

/** A directory of the controller's as cases write it. */
export interface TreeText {
  files: Record<string, string>;
  directories?: string[];
  links?: Record<string, string>;
}

/** One case of test/cases/modules/NAME.yml; docs/modules.md explains the fields. */
export interface Case {
  case: string;
  args: unknown;
  probe?: Partial<ProbeResult>;
  state?: unknown;
  check?: boolean;
  controller?: boolean;
  planned?: Record<string, unknown>;
  local?: Record<string, string | TreeText>;
  /** `throws`: what the probe printed is not whole, so there is no state to decide upon. */
  expect: Decision['kind'] | 'invalid' | 'throws';
  /** What the steps gave, for `result`. */
  ran?: StepResult[];
  [expected: string]: unknown;
}

export interface CaseFile {
  module: string;
  lacks: string[];
  why?: string;
  cases: Case[];
}

const folder = new URL('../cases/modules/', import.meta.url);

/** Every file of cases. */
export function caseFiles(): CaseFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => {
      const documents = loadAll(readFileSync(new URL(file, folder), 'utf8')) as unknown[];
      const head = (documents.length > 1 ? documents[0] : {}) as { lacks?: string[]; why?: string };
      return { module: file.slice(0, -'.yml'.length), lacks: [], ...head, cases: documents.at(-1) as Case[] };
    });
}

/** The controller's files of a case: templates as their text, images by their manifest, files as if they lay under /local. */
export function localOf(module: AnyModule, texts: Case['local'] = {}): DecideContext['local'] {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => {
      if (typeof value !== 'string') return [name, tree(name, value, module.local?.[name])];
      if (module.local?.[name] === 'template') return [name, Buffer.from(value)];
      return [name, { ...localFile(name, value), ...(module.local?.[name] === 'image' && { manifest: value }) }];
    }),
  );
}

/** A step as cases write it: a script as its text, a file as an object, everything else as it is. */
export function plainStep(step: Step): unknown {
  if (step.do === 'run') {
    const { script, do: _, theirs: _theirs, ...rest } = step;
    const extras = { ...rest, ...(script.stdin !== undefined && { stdin: script.stdin.toString() }) };
    const text = shown(script.text);
    return Object.keys(extras).length === 0 ? text : { run: text, ...extras };
  }
  if (step.do !== 'put') return plain(step);
  const { path, content, validate, ...rest } = step.file;
  const text = Buffer.isBuffer(content) ? content.toString() : `(${content.path})`;
  return { put: path, content: text, ...rest, ...(validate && { validate: validate.text }) };
}

/** A script without the shell functions that all steps on files begin with. */
function shown(text: string): string {
  const own = text.replace(`(${HOLD}\n`, '(').replace(`(${INTO}\n`, '(');
  return own === text ? text : own.replace(/^\(n=(.*);_into (.*)\|\|exit\n([^]*)\)$/, 'in $2, n=$1: $3').replace(/^\((_(?:make|into) [^]*)\)$/, '$1');
}

/** Without `undefined`s, functions and classes: what YAML can say. */
export function plain<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

function localFile(name: string, text: string): LocalFile {
  const content = Buffer.from(text);
  return { path: `/local/${name}`, size: content.length, sha256: sha256(content), mode: '0644', content };
}

function tree(name: string, { files, directories = [], links = {} }: TreeText, kind: LocalKind | undefined): LocalTree {
  const entries = Object.entries(files).map(([relative, text]) => ({ relative, file: localFile(`${name}/${relative}`, text) }));
  return { path: `/local/${name}`, ...(kind !== 'archive' && { mode: '0755' }), files: entries, directories: directories.map((relative) => ({ relative, mode: '0755' })), links: Object.entries(links).map(([relative, target]) => ({ relative, target })) };
}
