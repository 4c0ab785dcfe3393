import type { Position } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { SourceText } from '../../language/yaml/source-text.ts';
import type { Draft } from '../draft.ts';
import { iniValue } from './ini-value.ts';
import { SplitError, wordsOf } from '../../model/words.ts';
import type { Word } from '../../model/words.ts';

type Kind = 'hosts' | 'vars' | 'children';

/** Groups that have a section of their own, and those that are to have one, because others speak of them. */
interface Named {
  groups: Set<string>;
  wanted: { name: string; at: Position }[];
}

/** The position of one line of an INI file, and what it is about. */
interface Line {
  text: string;
  group: string;
  kind: Kind;
  draft: Draft;
  named: Named;
  /** The position of a part of the line. */
  at(start: number, end: number): Position;
}

/** Reads an inventory in INI as Ansible does: hosts with variables, `[group]`, `[group:vars]`, `[group:children]`. */
export function readIni(text: string, file: string, draft: Draft): void {
  const source = new SourceText(file, text);
  let section: { group: string; kind: Kind } = { group: 'ungrouped', kind: 'hosts' };
  const named: Named = { groups: new Set(draft.groups.keys()), wanted: [] };
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    const line: Line = {
      text: match[0],
      ...section,
      draft,
      named,
      at: (start, end) => source.pos(match.index + start, match.index + end),
    };
    const trimmed = line.text.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\s*\[([^]*?)\]\s*(?:[#;][^]*)?$/.exec(line.text);
    if (header && !/^\s*\[([0-9a-f:]*)\]/i.exec(line.text)?.[1]?.includes(':'))
      section = readHeader(header[1] ?? '', line);
    else lineReaders[section.kind](line);
  }
  for (const { name, at } of named.wanted) {
    if (!named.groups.has(name))
      draft.wrong(`there is no group '${name}'`, at, didYouMean(name, named.groups) ?? `Define it with [${name}].`);
  }
}

const lineReaders: Record<Kind, (line: Line) => void> = { hosts: readHost, vars: readVariable, children: readChild };

function readHeader(header: string, line: Line): { group: string; kind: Kind } {
  const [group = '', kind = 'hosts', ...more] = header.trim().split(':');
  const start = line.text.indexOf(header);
  const at = line.at(start, start + header.length);
  if (!['hosts', 'vars', 'children'].includes(kind) || more.length > 0) {
    const hint = didYouMean(kind, ['vars', 'children']) ?? 'Write [group], [group:vars] or [group:children].';
    line.draft.wrong(`'[${header}]' is not a valid section`, at, hint);
    return { group: 'ungrouped', kind: 'hosts' };
  }
  if (kind === 'vars') line.named.wanted.push({ name: group, at: line.at(start, start + group.length) });
  else line.named.groups.add(group);
  line.draft.group(group, { at });
  return { group, kind: kind as Kind };
}

function readHost(line: Line): void {
  const [host, ...rest] = words(line);
  if (!host) return;
  const at = line.at(host.start, host.end);
  const part = (start: number, end: number) => line.at(host.start + start, host.start + end);
  const names = line.draft.addHosts(host.text, line.group, { at, part });
  for (const word of rest) readPair(word, names, `host ${host.text}`, line);
}

function readPair(word: Word, names: string[], origin: string, line: Line): void {
  const equals = word.text.indexOf('=');
  const at = line.at(word.start, word.end);
  if (equals <= 0)
    return line.draft.wrong(
      `expected name=value, found '${word.text}'`,
      at,
      'Write `name=value`, with text that has spaces in quotes.',
    );
  const name = word.text.slice(0, equals);
  const value = iniValue(word.text.slice(equals + 1));
  for (const host of names) line.draft.setHostVar(host, name, { value, origin, at });
}

function readVariable(line: Line): void {
  const equals = line.text.indexOf('=');
  const at = line.at(line.text.search(/\S/), line.text.trimEnd().length);
  if (equals < 0)
    return line.draft.wrong(`expected name=value, found '${line.text.trim()}'`, at, 'Write `name=value`.');
  const name = line.text.slice(0, equals).trim();
  const value = iniValue(line.text.slice(equals + 1).trim());
  line.draft.setGroupVar(line.group, name, { value, origin: `group ${line.group}`, at });
}

function readChild(line: Line): void {
  const [child, extra] = words(line);
  if (!child) return;
  const at = line.at(child.start, child.end);
  if (extra)
    line.draft.wrong(`unexpected '${extra.text}' after the name of a child group`, line.at(extra.start, extra.end));
  line.named.wanted.push({ name: child.text, at });
  line.draft.group(child.text, { at });
  line.draft.group(line.group).children.add(child.text);
}

function words(line: Line): Word[] {
  try {
    return wordsOf(line.text, { comments: true });
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    line.draft.wrong(error.message, line.at(error.start, line.text.length));
    return [];
  }
}
