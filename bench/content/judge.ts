import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { validate } from '../../runner/api/index.ts';
import type { Plan } from '../../runner/api/index.ts';
import { XrunError } from '../../runner/diagnostics/errors.ts';
import { createRenderer } from '../../runner/language/templates/renderer.ts';
import { dumpYaml } from '../../runner/language/yaml/dump.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { SourceText } from '../../runner/language/yaml/source-text.ts';
import { deadLines, isForOthers } from './debian.ts';
import { partFiles, rolesDirectory } from './units.ts';

/** Something that keeps a unit from being valid. */
export interface Blocker {
  /** What kind it is, the same in every unit. */
  kind: string;
  file: string;
  line: number;
  /** Not on Debian's branch. */
  elsewhere: boolean;
}

/** All that is wrong with a migrated role: what was left to people, and what xrun says of every file of it. */
export async function blockersOf(plan: Plan, moved: string, role: string): Promise<Blocker[]> {
  const directory = join(moved, role);
  const prefix = role === '.' ? '' : `${role}/`;
  const remarks = plan.remarks.filter(({ at }) => at.file.startsWith(prefix) && !inTests(at.file.slice(prefix.length)));
  const found = [
    ...remarks.map(({ code, message, at }) => ({ kind: `${code} ${message}`, file: at.file, line: at.line })),
    ...(await errorsOf(directory, moved)),
  ];
  const dead = deadIn(directory, moved);
  const seen = new Set<string>();
  return found
    .filter(({ kind, file, line }) => !seen.has(`${kind} ${file} ${line}`) && seen.add(`${kind} ${file} ${line}`))
    .map((blocker) => ({
      ...blocker,
      kind: general(blocker.kind),
      elsewhere: isForOthers(blocker.file) || dead(blocker),
    }));
}

function inTests(file: string): boolean {
  return /^(molecule|tests)\/|^meta\/.*\.j2$/.test(file);
}

/** The role itself, each file of its tasks, its variables and its templates. */
async function errorsOf(role: string, moved: string): Promise<{ kind: string; file: string; line: number }[]> {
  const handlers = handlersBeside(role).map((file) => ({ import_tasks: file }));
  const plays = [
    { hosts: 'all', roles: [basename(role)], handlers },
    ...partFiles(role, 'tasks')
      .filter(isYaml)
      .map((file) => ({
        hosts: 'all',
        handlers,
        tasks: [{ import_role: { name: basename(role), tasks_from: relative(join(role, 'tasks'), file) } }],
      })),
    ...['vars', 'defaults']
      .flatMap((part) => partFiles(role, part))
      .filter(isYaml)
      .map((file) => ({ hosts: 'all', vars_files: [file] })),
  ];
  const playbook = join(rolesDirectory(role), `measure-${basename(role)}.yml`);
  mkdirSync(rolesDirectory(role), { recursive: true });
  writeFileSync(playbook, dumpYaml(plays));
  copyHelpers(moved, rolesDirectory(role));
  const { errors } = await validate({ playbooks: [playbook], inventories: [], cwd: moved });
  return [...errors, ...templateErrors(role, moved)]
    .filter(({ at }) => handlers.length === 0 || !at || !relative(role, resolve(moved, at.file)).startsWith('..'))
    .filter(({ code, message }) => !(code === 'E_ROLE' && message.startsWith('there is no role')))
    .map(({ code, message, at }) => ({ kind: `${code} ${message}`, file: at?.file ?? '', line: at?.line ?? 0 }));
}

/** The helpers that a project has instead of filters are beside its playbooks. */
function copyHelpers(moved: string, directory: string): void {
  const [from, to] = [join(moved, 'helpers'), join(directory, 'helpers')];
  if (from === to) return;
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

/** Roles of one project notify each other's handlers. */
function handlersBeside(role: string): string[] {
  if (basename(rolesDirectory(role)) !== 'roles') return [];
  const roles = readdirSync(rolesDirectory(role), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return roles
    .map(({ name }) => join(rolesDirectory(role), name, 'handlers', 'main.yml'))
    .filter((file) => existsSync(file) && !file.startsWith(`${role}/`));
}

function templateErrors(role: string, moved: string): XrunError[] {
  const renderer = createRenderer();
  return partFiles(role, 'templates')
    .filter((file) => file.endsWith('.hbs'))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      try {
        renderer.checkTemplate(text, new SourceText(relative(moved, file), text).pos(0));
        return [];
      } catch (error) {
        if (error instanceof XrunError) return [error];
        throw error;
      }
    });
}

/** Whether a place is in a task that never runs on Debian, or in a file that only such tasks include. */
function deadIn(role: string, moved: string): (place: { file: string; line: number }) => boolean {
  const dead = new Map<string, [number, number][]>();
  const reached = new Map<string, boolean>();
  for (const file of [...partFiles(role, 'tasks'), ...partFiles(role, 'handlers')].filter(isYaml)) {
    const name = relative(moved, file);
    const text = readFileSync(file, 'utf8');
    try {
      dead.set(name, deadLines(loadYaml(text, name).value, text.split('\n').length));
    } catch {
      continue;
    }
    for (const [index, line] of text.split('\n').entries()) {
      const included =
        /(?:include|import)_tasks:\s*["']?([\w./-]+\.ya?ml)["']?\s*$|^\s+file:\s*["']?([\w./-]+\.ya?ml)/.exec(line);
      const target = included && basename(included[1] ?? included[2] ?? '');
      if (target)
        reached.set(
          target,
          (reached.get(target) ?? false) || (!isForOthers(name) && !within(dead.get(name), index + 1)),
        );
    }
  }
  return ({ file, line }) => reached.get(basename(file)) === false || within(dead.get(file), line);
}

function within(ranges: [number, number][] | undefined, line: number): boolean {
  return ranges?.some(([first, last]) => first <= line && line <= last) ?? false;
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/.test(file);
}

/** The message without what is of this place alone. */
function general(kind: string): string {
  if (/^E_(MODULE|ARGUMENT|KEYWORD|TEMPLATE|CONDITION)|^J_/.test(kind))
    return kind.replaceAll(/ found the text ".*?"/g, ' found a text').slice(0, 110);
  return kind.replaceAll(/'[^']*'|"[^"]*"/g, "'...'").slice(0, 110);
}
